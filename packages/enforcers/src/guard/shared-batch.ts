import { mmapShared } from '@kubearmor/kernel';

const HEADER_BYTES = 64;
const BATCH_BYTES = 64 * 1024;

/** How large the memory is that keeper and answerer share, in bytes. */
export const SHARED_BYTES: number = HEADER_BYTES + BATCH_BYTES;

/**
 * The memory that keeper and answerer share: a heartbeat, and the events the answerer has read last. The kernel
 * writes events straight into it, so that none is out of the keeper's sight when the answerer dies.
 */
export class SharedBatch {
  /** Where events are read to. */
  readonly buffer: Uint8Array;
  readonly #header: Int32Array;

  constructor(fd: number) {
    const memory = mmapShared(fd, SHARED_BYTES);
    this.#header = new Int32Array(memory.buffer, memory.byteOffset, HEADER_BYTES / 4);
    this.buffer = memory.subarray(HEADER_BYTES);
  }

  /** Says that the answerer lives. */
  beat(): void {
    Atomics.add(this.#header, 0, 1);
  }

  /** Changes whenever the answerer has lived since. */
  get heartbeat(): number {
    return Atomics.load(this.#header, 0);
  }

  /** How many bytes of events were read last. */
  get length(): number {
    return Atomics.load(this.#header, 1);
  }

  set length(bytes: number) {
    Atomics.store(this.#header, 1, bytes);
  }
}
