import { libc, orNegativeErrno } from './libc.js';

/** Stat the descriptor itself when the path is empty. */
export const AT_EMPTY_PATH = 0x1000;
/** Stat a symbolic link, not what it points to. */
export const AT_SYMLINK_NOFOLLOW = 0x100;
/** Do not ask a network file system for fresh values. */
export const AT_STATX_DONT_SYNC = 0x4000;

const STATX_BASIC_STATS = 0x7ff;
const STATX_BTIME = 0x800;
const STATX_MNT_ID = 0x1000;
const WANTED = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID;
const STATX_SIZE = 256;
const S_IFMT = 0o170000;

/** A `struct statx` filled again by every call that takes it; fields are decoded when read. */
export class StatxView {
  readonly bytes: Uint8Array = new Uint8Array(STATX_SIZE);
  readonly #view = new DataView(this.bytes.buffer);

  /** Which fields the kernel filled (STATX_*). */
  get mask(): number {
    return this.#view.getUint32(0, true);
  }
  get nlink(): number {
    return this.#view.getUint32(16, true);
  }
  get uid(): number {
    return this.#view.getUint32(20, true);
  }
  get gid(): number {
    return this.#view.getUint32(24, true);
  }
  /** Type and permission bits. */
  get mode(): number {
    return this.#view.getUint16(28, true);
  }
  get isDirectory(): boolean {
    return (this.mode & S_IFMT) === 0o040000;
  }
  get isRegular(): boolean {
    return (this.mode & S_IFMT) === 0o100000;
  }
  get ino(): bigint {
    return this.#view.getBigUint64(32, true);
  }
  /** The low half of the inode number, without a BigInt. */
  get inoLow(): number {
    return this.#view.getUint32(32, true);
  }
  /** The high half of the inode number, without a BigInt. */
  get inoHigh(): number {
    return this.#view.getUint32(36, true);
  }
  get size(): number {
    return Number(this.#view.getBigUint64(40, true));
  }
  /** The device as the kernel's own dev_t (major << 20 | minor): what BPF programs read in `s_dev`. */
  get dev(): number {
    return this.devMajor * 0x100000 + this.devMinor;
  }
  get devMajor(): number {
    return this.#view.getUint32(136, true);
  }
  get devMinor(): number {
    return this.#view.getUint32(140, true);
  }
  get rdevMajor(): number {
    return this.#view.getUint32(128, true);
  }
  get rdevMinor(): number {
    return this.#view.getUint32(132, true);
  }
  /** The mount's id as in /proc/PID/mountinfo; 0 before Linux 5.8. */
  get mntId(): number {
    return (this.mask & STATX_MNT_ID) === 0 ? 0 : Number(this.#view.getBigUint64(144, true));
  }
  /** Whether the file system records the time of birth. */
  get hasBtime(): boolean {
    return (this.mask & STATX_BTIME) !== 0;
  }
  get btimeNs(): bigint {
    return this.#timeNs(80);
  }
  get ctimeNs(): bigint {
    return this.#timeNs(96);
  }
  get mtimeNs(): bigint {
    return this.#timeNs(112);
  }

  #timeNs(offset: number): bigint {
    const seconds = this.#view.getBigInt64(offset, true);
    return seconds * 1_000_000_000n + BigInt(this.#view.getUint32(offset + 8, true));
  }
}

/** statx(2) of an open descriptor: 0, or -errno. */
export function fstatx(fd: number, view: StatxView): number {
  return orNegativeErrno(libc().statx(fd, '', AT_EMPTY_PATH, WANTED, view.bytes));
}

/** statx(2) of a path, from a directory descriptor or AT_FDCWD: 0, or -errno. */
export function statxPath(dirFd: number, path: string, flags: number, view: StatxView): number {
  return orNegativeErrno(libc().statx(dirFd, path, flags, WANTED, view.bytes));
}
