import { KernelError } from './errors.js';
import { mmapShared, pageSize, unmap } from './mmap.js';

/** Receives one record: `view` is the mapped memory of the ring, valid only during the call and not to be written. */
export type RecordHandler = (view: DataView, offset: number, length: number) => void;

const HEADER_SIZE = 8;
const BUSY = 0x8000_0000 | 0;
const DISCARDED = 0x4000_0000;
const LENGTH_MASK = 0x3fff_ffff;

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
  readonly #view: DataView;
  #position: number;

  private constructor(mapFd: number, sizeBytes: number) {
    const page = pageSize();
    if (sizeBytes < page || (sizeBytes & (sizeBytes - 1)) !== 0) {
      throw new KernelError('ARGUMENT_INVALID', `ring ${mapFd}: expected a power of two of pages, got ${sizeBytes} bytes`);
    }
    this.fd = mapFd;
    this.sizeBytes = sizeBytes;
    this.#consumerPage = mmapShared(mapFd, page);
    // The data is mapped twice in a row by the kernel, so that a record never wraps.
    this.#rest = mmapShared(mapFd, page + 2 * sizeBytes, { readOnly: true, offset: page });
    this.#consumer = new BigUint64Array(this.#consumerPage.buffer, 0, 1);
    this.#producer = new BigUint64Array(this.#rest.buffer, 0, 1);
    this.#headers = new Int32Array(this.#rest.buffer, page);
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
    const start = this.#position;
    const end = Number(Atomics.load(this.#producer, 0));
    let position = start;
    let count = 0;
    try {
      while (position < end && count < max) {
        const offset = position % this.sizeBytes;
        const header = Atomics.load(this.#headers, offset >>> 2);
        if ((header & BUSY) !== 0) break;
        const length = header & LENGTH_MASK;
        position += roundUp(length + HEADER_SIZE);
        if ((header & DISCARDED) !== 0) continue;
        count++;
        handler(this.#view, offset + HEADER_SIZE, length);
      }
    } finally {
      if (position !== start) this.#release(position);
    }
    return count;
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
    this.#position = position;
    Atomics.store(this.#consumer, 0, BigInt(position));
  }
}

function roundUp(length: number): number {
  return (length + 7) & ~7;
}
