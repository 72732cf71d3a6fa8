import { addressOf, libc, orNegativeErrno } from './libc.js';

const IOVEC_SIZE = 16;
const local = new BigUint64Array(2);
const remote = new BigUint64Array(2);
const localBytes = new Uint8Array(local.buffer, 0, IOVEC_SIZE);
const remoteBytes = new Uint8Array(remote.buffer, 0, IOVEC_SIZE);

/** Copies memory of another process (process_vm_readv): bytes copied, which stop at the first unmapped page, or -errno. */
export function readMemory(pid: number, address: bigint, buffer: Uint8Array, length: number): number {
  local[0] = addressOf(buffer);
  local[1] = BigInt(Math.min(length, buffer.length));
  remote[0] = address;
  remote[1] = local[1];
  return orNegativeErrno(libc().process_vm_readv(pid, localBytes, 1, remoteBytes, 1, 0));
}

const scratch = Buffer.alloc(4096);
const PAGE = 4096n;

/** A NUL-terminated string of another process, cut at `maxBytes` (at most 4096); undefined when its memory cannot be read. */
export function readMemoryString(pid: number, address: bigint, maxBytes = 4096): string | undefined {
  // Two reads at most: a string that ends before a page border must not fail because the next page is not mapped.
  const toPageEnd = Number(PAGE - (address & (PAGE - 1n)));
  const first = Math.min(toPageEnd, maxBytes, scratch.length);
  let length = readMemory(pid, address, scratch, first);
  if (length < 0) return undefined;
  let end = scratch.subarray(0, length).indexOf(0);
  if (end < 0 && first < Math.min(maxBytes, scratch.length)) {
    const more = readMemory(
      pid,
      address + BigInt(first),
      scratch.subarray(first),
      Math.min(maxBytes, scratch.length) - first,
    );
    if (more > 0) length += more;
    end = scratch.subarray(0, length).indexOf(0);
  }
  return scratch.toString('utf8', 0, end < 0 ? length : end);
}
