import { addressOf, check, lastErrno, libc, viewOf } from './libc.js';
import { KernelError } from './errors.js';

/** How memory is mapped. */
export interface MapOptions {
  /** Map for reading only; a store into the view is then a SIGSEGV. By default false. */
  readonly readOnly?: boolean;
  /** Where in the file the mapping starts, in bytes, a multiple of the page size. By default 0. */
  readonly offset?: number;
}

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

/** Maps a file, memfd or BPF map as shared memory. Give it to {@link unmap} when nothing uses it any more. */
export function mmapShared(fd: number, length: number, options: MapOptions = {}): Uint8Array<ArrayBuffer> {
  const protection = options.readOnly === true ? PROT_READ : PROT_READ | PROT_WRITE;
  const address = libc().mmap(null, length, protection, MAP_SHARED, fd, options.offset ?? 0);
  if (address === MAP_FAILED) {
    throw KernelError.fromErrno(lastErrno(), 'mmap', `fd ${fd}, ${length} bytes at ${options.offset ?? 0}`);
  }
  return viewOf(address, length);
}

/** Unmaps what {@link mmapShared} gave, and detaches its buffer first so that a late reader finds it empty, not unmapped. */
export function unmap(bytes: Uint8Array<ArrayBuffer>): void {
  const length = bytes.length;
  if (length === 0) return;
  const address = addressOf(bytes);
  bytes.buffer.transfer();
  check(libc().munmap(address, length), 'munmap', `${length} bytes`);
}

/** The size of a page of this machine in bytes. */
export function pageSize(): number {
  return libc().getpagesize();
}
