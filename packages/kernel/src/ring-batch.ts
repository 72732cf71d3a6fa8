import type { RecordHandler } from './ring-buffer.js';

/** Records copied out of a ring, in memory that moves between threads. */
export interface RingBatch {
  /** Records one after another, each behind eight bytes whose first four are its length, each padded to eight. */
  readonly buffer: ArrayBuffer;
  /** How much of the buffer is used. */
  readonly usedBytes: number;
  readonly recordCount: number;
}

const HEADER_SIZE = 8;

/** Hands the records of a batch to a handler in their order. */
export function forEachRecord(batch: RingBatch, handler: RecordHandler): void {
  const view = new DataView(batch.buffer);
  for (let offset = 0; offset < batch.usedBytes; ) {
    const length = view.getUint32(offset, true);
    handler(view, offset + HEADER_SIZE, length);
    offset += HEADER_SIZE + roundUp(length);
  }
}

/** Collects records into a batch. */
export class RingBatchWriter {
  #buffer: ArrayBuffer;
  #bytes: Uint8Array;
  #view: DataView;
  #used = 0;
  #count = 0;

  constructor(capacityBytes: number) {
    this.#buffer = new ArrayBuffer(capacityBytes);
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Bytes that the records take so far. */
  get usedBytes(): number {
    return this.#used;
  }

  /** Copies one record in; a record that does not fit makes the buffer grow. */
  readonly add: RecordHandler = (view, offset, length) => {
    const needed = this.#used + HEADER_SIZE + roundUp(length);
    if (needed > this.#buffer.byteLength) this.#grow(needed);
    this.#view.setUint32(this.#used, length, true);
    this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + offset, length), this.#used + HEADER_SIZE);
    this.#used = needed;
    this.#count++;
  };

  /** Gives the batch away. */
  finish(): RingBatch {
    return { buffer: this.#buffer, usedBytes: this.#used, recordCount: this.#count };
  }

  #grow(needed: number): void {
    const larger = new ArrayBuffer(Math.max(needed, this.#buffer.byteLength * 2));
    new Uint8Array(larger).set(this.#bytes);
    this.#buffer = larger;
    this.#bytes = new Uint8Array(larger);
    this.#view = new DataView(larger);
  }
}

function roundUp(length: number): number {
  return (length + 7) & ~7;
}
