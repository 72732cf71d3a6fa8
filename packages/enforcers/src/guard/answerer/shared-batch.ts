import { close, duplicate, mmapShared, unmap } from '@kubearmor/kernel';

const HEADER_BYTES = 64;
const BATCH_BYTES = 64 * 1024;

/** How large the memory is that keeper and answerer share, in bytes. */
export const SHARED_BYTES: number = HEADER_BYTES + BATCH_BYTES;

/**
 * The memory that keeper and answerer share: a heartbeat, and the events the answerer has read last. The kernel
 * writes events straight into it, and what is not an event is zero, so that at no moment of the answerer's death
 * an event is out of the keeper's sight.
 */
export class SharedBatch {
  /** Where events are read to: a batch starts at the beginning and ends where zeroes start. */
  readonly buffer: Uint8Array;
  /** A descriptor of the memory, for another thread of this process. */
  readonly fd: number;
  readonly #memory: Uint8Array<ArrayBuffer>;
  readonly #header: Int32Array;

  /** Leaves the descriptor to its owner. */
  constructor(fd: number) {
    this.fd = duplicate(fd);
    this.#memory = mmapShared(fd, SHARED_BYTES);
    this.#header = new Int32Array(this.#memory.buffer, this.#memory.byteOffset, HEADER_BYTES / 4);
    this.buffer = this.#memory.subarray(HEADER_BYTES);
  }

  /** Says that the answerer lives. */
  beat(): void {
    Atomics.add(this.#header, 0, 1);
  }

  /** Changes whenever the answerer has lived since. */
  get heartbeat(): number {
    return Atomics.load(this.#header, 0);
  }

  /** Forgets events that have been answered; `length` is what a read filled. */
  clear(length: number = BATCH_BYTES): void {
    this.buffer.fill(0, 0, length);
  }

  close(): void {
    close(this.fd);
    unmap(this.#memory);
  }
}
