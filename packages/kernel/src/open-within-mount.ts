import { addressOf, libc, orNegativeErrno } from './libc.js';

// Above 423 all architectures share one table.
const SYS_OPENAT2 = 437;
const RESOLVE_NO_XDEV = 0x01;
const RESOLVE_NO_SYMLINKS = 0x04;
const RESOLVE_BENEATH = 0x08;
const how = new BigUint64Array(3);
const howBytes = new Uint8Array(how.buffer);

/**
 * openat2(2) below a directory (5.6) that follows no link and enters no other mount, whatever was mounted meanwhile.
 * The relative path is given byte for byte (latin1). A descriptor, or -errno.
 */
export function openWithinMount(dirFd: number, path: string, flags: number): number {
  how[0] = BigInt(flags);
  how[1] = 0n;
  how[2] = BigInt(RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);
  const bytes = Buffer.from(`${path}\0`, 'latin1');
  const result = libc().syscallBuffer(SYS_OPENAT2, dirFd, bytes, addressOf(howBytes), howBytes.length);
  return orNegativeErrno(result);
}
