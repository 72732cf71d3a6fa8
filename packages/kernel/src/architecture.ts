import { KernelError } from './errors.js';

/** The instruction sets this package knows the kernel's numbers for. */
export type Architecture = 'x86_64' | 'arm64';

/** The instruction set of this process. */
export function hostArchitecture(): Architecture {
  if (process.arch === 'x64') return 'x86_64';
  if (process.arch === 'arm64') return 'arm64';
  throw new KernelError(
    'ARCHITECTURE_UNSUPPORTED',
    `architecture: expected x64 or arm64, got ${process.arch}`,
  );
}
