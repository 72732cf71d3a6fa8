import { close, createEventFd, read, signalEventFd } from './file-descriptor.js';
import { PollSet, pollLater } from './poll.js';
import { RingReader } from './ring-buffer.js';
import type { RingBatch } from './ring-batch.js';

/** How a ring is read. */
export interface RingStreamOptions {
  /** The ring's map. Stays the caller's; keep it open until the stream is closed. */
  readonly mapFd: number;
  /** The ring's size in bytes: its max_entries. */
  readonly sizeBytes: number;
  /** A batch ends once it has this many bytes. By default 64 KiB. */
  readonly maxBatchBytes?: number;
  /** How long records are waited for before it is looked around. By default 250. */
  readonly pollTimeoutMs?: number;
  /** How long records gather, once there are some, before they are handed on; a third as long where many come. By default 0: not at all. */
  readonly settleMs?: number;
}

/** Such a part of a full batch is many records. */
const MANY_SHARE = 4;

/**
 * A ring read in the caller's thread, which is not blocked: batches are an async iterable that one consumer walks. While
 * it does not, records wait, and drop, in the kernel's ring.
 */
export class RingStream implements AsyncIterable<RingBatch> {
  readonly #reader: RingReader;
  readonly #wakeFd: number;
  readonly #polled: PollSet;
  readonly #batch: Uint8Array<ArrayBuffer>;
  readonly #maxBatchBytes: number;
  readonly #pollTimeoutMs: number;
  readonly #settleMs: number;
  readonly #ended = Promise.withResolvers<undefined>();
  #isWalked = false;
  #isClosing = false;

  private constructor(options: RingStreamOptions) {
    this.#reader = RingReader.open(options.mapFd, options.sizeBytes);
    this.#wakeFd = createEventFd();
    this.#polled = new PollSet([options.mapFd, this.#wakeFd]);
    this.#maxBatchBytes = options.maxBatchBytes ?? 65_536;
    this.#batch = new Uint8Array(this.#maxBatchBytes);
    this.#pollTimeoutMs = options.pollTimeoutMs ?? 250;
    this.#settleMs = options.settleMs ?? 0;
  }

  /** Maps the ring. */
  static open(options: RingStreamOptions): RingStream {
    return new RingStream(options);
  }

  /**
   * Batches in the order of the ring, until it is closed; what is in the ring by then is still delivered. A batch is valid
   * until the next one is asked for.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<RingBatch, void, undefined> {
    this.#isWalked = true;
    let settleMs = 0;
    try {
      for (;;) {
        const isClosing = this.#isClosing;
        const batch = this.#reader.copyBatch(this.#maxBatchBytes, this.#batch);
        if (batch === undefined) {
          if (isClosing) return;
          // While records keep coming, nobody has to be woken up for the first of those that gather.
          if (settleMs > 0) await pause(settleMs);
          else await this.#nextRecords();
          settleMs = 0;
        } else if (batch.recordCount > 0) {
          const areMany = (batch.byteLength ?? 0) >= this.#maxBatchBytes / MANY_SHARE;
          settleMs = areMany ? Math.ceil(this.#settleMs / 3) : this.#settleMs;
          yield batch;
        }
      }
    } finally {
      this.#reader.close();
      close(this.#wakeFd);
      this.#ended.resolve(undefined);
    }
  }

  /** Ends the stream once it has been walked to the end of what is in the ring. */
  async close(): Promise<void> {
    if (this.#isClosing) return this.#ended.promise;
    this.#isClosing = true;
    if (this.#isWalked) {
      signalEventFd(this.#wakeFd);
      return this.#ended.promise;
    }
    this.#reader.close();
    close(this.#wakeFd);
    this.#ended.resolve(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // The kernel wakes us for a record only when we have read all before it: records that gather cost no wake-ups.
  async #nextRecords(): Promise<void> {
    await pollLater(this.#polled, this.#pollTimeoutMs);
    if (this.#polled.isReady(1)) read(this.#wakeFd, new Uint8Array(8), 8);
    else if (this.#settleMs > 0 && this.#reader.pendingBytes < this.#maxBatchBytes)
      await pause(this.#settleMs);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
