import { libc, orNegativeErrno } from './libc.js';

const POLLFD_SIZE = 8;
const POLLIN = 0x1;
const POLLERR = 0x8;
const POLLHUP = 0x10;

/** A set of descriptors to wait on, laid out once for poll(2). */
export class PollSet {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly #fds: Int32Array;
  readonly #events: Int16Array;

  constructor(fds: readonly number[]) {
    const memory = new ArrayBuffer(Math.max(1, fds.length) * POLLFD_SIZE);
    this.count = fds.length;
    this.bytes = new Uint8Array(memory);
    this.#fds = new Int32Array(memory);
    this.#events = new Int16Array(memory);
    fds.forEach((fd, index) => {
      this.setFd(index, fd);
    });
  }

  /** Replaces the descriptor at a place; -1 makes poll skip it. */
  setFd(index: number, fd: number): void {
    this.#fds[index * 2] = fd;
    this.#events[index * 4 + 2] = POLLIN;
  }

  /** Whether the last poll found data, an error or a hang-up there: a read will not wait. */
  isReady(index: number): boolean {
    return ((this.#events[index * 4 + 3] ?? 0) & (POLLIN | POLLERR | POLLHUP)) !== 0;
  }
}

const single = new PollSet([-1]);

/** Waits until a descriptor can be read: 1 readable (or failed), 0 timeout, or -errno (-EINTR included). -1 ms waits for ever. */
export function pollIn(fd: number, timeoutMs: number): number {
  single.setFd(0, fd);
  return orNegativeErrno(libc().poll(single.bytes, 1, timeoutMs));
}

/** Waits until one of the set can be read: how many, 0 at timeout, or -errno. */
export function pollMany(set: PollSet, timeoutMs: number): number {
  return orNegativeErrno(libc().poll(set.bytes, set.count, timeoutMs));
}

/** Like {@link pollMany}, but this thread does not wait: one of libuv's does. The set must not be used meanwhile. */
export function pollLater(set: PollSet, timeoutMs: number): Promise<number> {
  return new Promise((resolve) => {
    // What interrupts it, or fails, is as good as a timeout: whoever waits looks and comes again.
    libc().pollLater(set.bytes, set.count, timeoutMs, (error, ready) => {
      resolve(error === null ? Math.max(0, ready) : 0);
    });
  });
}
