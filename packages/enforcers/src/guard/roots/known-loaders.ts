import type { Resolver } from '@kubearmor/policy';

/** Where programs look for their ELF loader, by the ABIs of x86 and ARM. */
const NAMES = [
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/ld-linux.so.2',
  '/lib/ld-linux-aarch64.so.1',
  '/lib/ld-linux-armhf.so.3',
  '/lib/ld-musl-x86_64.so.1',
  '/lib/ld-musl-i386.so.1',
  '/lib/ld-musl-aarch64.so.1',
  '/lib/ld-musl-armhf.so.1',
] as const;

/** The files that a workload's root has under the names of ELF loaders: musl's is often a link to `libc.so`. */
export function knownLoaders(resolver: Resolver): Set<string> {
  return new Set(NAMES.map((name) => resolver.resolve(name) ?? name));
}
