import { KernelError } from './errors.js';
import { mmapShared, pageSize, unmap } from './mmap.js';
import {
  RECORD_BUSY,
  RECORD_DISCARDED,
  RECORD_HEADER_SIZE,
  type RecordHandler,
  recordLength,
  recordSpan,
  type RingBatch,
} from './ring-batch.js';

/**
 * Reads a BPF ring buffer by mapping it: no system call and no callback of libbpf per record. One reader per ring;
 * it does not own the map's descriptor, which is also what to poll.
 */
export class RingReader {
  readonly fd: number;
  readonly sizeBytes: number;
  readonly #consumerPage: Uint8Array<ArrayBuffer>;
  readonly #rest: Uint8Array<ArrayBuffer>;
  readonly #consumer: BigUint64Array;
  readonly #producer: BigUint64Array;
  readonly #headers: Int32Array;
  readonly #data: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #position: number;

  private constructor(mapFd: number, sizeBytes: number) {
    const page = pageSize();
    if (sizeBytes < page || (sizeBytes & (sizeBytes - 1)) !== 0) {
      const message = `ring ${mapFd}: expected a power of two of at least a page, got ${sizeBytes} bytes`;
      throw new KernelError('ARGUMENT_INVALID', message);
    }
    this.fd = mapFd;
    this.sizeBytes = sizeBytes;
    this.#consumerPage = mmapShared(mapFd, page);
    // The data is mapped twice in a row by the kernel, so that a record never wraps.
    this.#rest = mmapShared(mapFd, page + 2 * sizeBytes, { readOnly: true, offset: page });
    this.#consumer = new BigUint64Array(this.#consumerPage.buffer, 0, 1);
    this.#producer = new BigUint64Array(this.#rest.buffer, 0, 1);
    this.#headers = new Int32Array(this.#rest.buffer, page);
    this.#data = new Uint8Array(this.#rest.buffer, page);
    this.#view = new DataView(this.#rest.buffer, page);
    this.#position = Number(Atomics.load(this.#consumer, 0));
  }

  /** Maps a ring of `sizeBytes` (its max_entries). */
  static open(mapFd: number, sizeBytes: number): RingReader {
    return new RingReader(mapFd, sizeBytes);
  }

  /** Bytes that wait to be read, records still being written included. */
  get pendingBytes(): number {
    return Number(Atomics.load(this.#producer, 0)) - this.#position;
  }

  /** Hands at most `max` complete records to a handler and frees their room; returns how many. An error of the handler consumes its record. */
  readBatch(handler: RecordHandler, max: number): number {
    const end = this.#position + this.pendingBytes;
    let position = this.#position;
    let count = 0;
    try {
      while (position < end && count < max) {
        const offset = position % this.sizeBytes;
        const header = Atomics.load(this.#headers, offset >>> 2);
        if ((header & RECORD_BUSY) !== 0) break;
        position += recordSpan(header);
        if ((header & RECORD_DISCARDED) !== 0) continue;
        count++;
        handler(this.#view, offset + RECORD_HEADER_SIZE, recordLength(header));
      }
    } finally {
      this.#release(position);
    }
    return count;
  }

  /**
   * Copies complete records out in one piece, at least one and otherwise at most `maxBytes`, and frees their room;
   * undefined when there is none. They are copied `into` memory that is given, if they have room there; by default it is new.
   */
  copyBatch(maxBytes: number, into?: Uint8Array<ArrayBuffer>): RingBatch | undefined {
    const start = this.#position;
    const end = start + this.pendingBytes;
    let position = start;
    let recordCount = 0;
    while (position < end) {
      const header = Atomics.load(this.#headers, (position % this.sizeBytes) >>> 2);
      if ((header & RECORD_BUSY) !== 0) break;
      const span = recordSpan(header);
      if (position !== start && position - start + span > maxBytes) break;
      position += span;
      if ((header & RECORD_DISCARDED) === 0) recordCount++;
    }
    if (position === start) return undefined;
    const offset = start % this.sizeBytes;
    const records = this.#data.subarray(offset, offset + position - start);
    const copy = into !== undefined && records.length <= into.length ? into : new Uint8Array(records.length);
    copy.set(records);
    this.#release(position);
    return { buffer: copy.buffer, byteLength: records.length, recordCount };
  }

  /** Unmaps the ring. Does nothing the second time. */
  close(): void {
    unmap(this.#consumerPage);
    unmap(this.#rest);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #release(position: number): void {
    if (position === this.#position) return;
    this.#position = position;
    Atomics.store(this.#consumer, 0, BigInt(position));
  }
}
