import { libc, orNegativeErrno } from './libc.js';

// Above 423 all architectures share one table.
const SYS_OPENAT2 = 437;
const RESOLVE_IN_ROOT = 0x10;
const how = new BigUint64Array(3);
const howBytes = new Uint8Array(how.buffer);

/** openat2(2) with RESOLVE_IN_ROOT (5.6): no link in the path leads out of the directory. A descriptor, or -errno. */
export function openInRoot(rootFd: number, path: string, flags: number): number {
  how[0] = BigInt(flags);
  how[1] = 0n;
  how[2] = BigInt(RESOLVE_IN_ROOT);
  return orNegativeErrno(libc().syscallPathBuffer(SYS_OPENAT2, rootFd, path, howBytes, howBytes.length));
}
