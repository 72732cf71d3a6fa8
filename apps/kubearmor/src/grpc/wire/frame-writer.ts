import { SlabPool, type Slab } from './slab.js';
import { WireWriter } from './wire-writer.js';

/** Messages one behind the other, each with gRPC's five bytes before it. Whoever has it holds its slab once. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly messages: number;
  readonly slab: Slab;
}

const PREFIX_BYTES = 5;
/** What stock clients accept at most; a message beyond it would end their stream. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Writes messages into slabs of memory, so that many of them leave in one write. */
export class FrameWriter {
  readonly wire: WireWriter;
  readonly #pool = new SlabPool();
  #slab: Slab;
  #chunks: Chunk[] = [];
  #chunkStart = 0;
  #messages = 0;
  #frameStart = 0;

  constructor() {
    this.#slab = this.#pool.take(0);
    this.wire = new WireWriter(this.#slab.bytes);
  }

  /** How many bytes wait in the chunk that is being filled. */
  get pendingBytes(): number {
    return this.wire.position - this.#chunkStart;
  }

  /** Begins a message of at most so many bytes; it is then written to {@link wire}. */
  begin(maxBytes: number): void {
    const needed = maxBytes + PREFIX_BYTES;
    if (this.wire.bytes.length - this.wire.position < needed) this.#newSlab(needed);
    this.#frameStart = this.wire.position;
    this.wire.position += PREFIX_BYTES;
  }

  /** Ends the message; false when it is too long for any client and was taken back. */
  end(): boolean {
    const { wire } = this;
    const length = wire.position - this.#frameStart - PREFIX_BYTES;
    if (length > MAX_MESSAGE_BYTES) {
      wire.position = this.#frameStart;
      return false;
    }
    wire.bytes[this.#frameStart] = 0;
    wire.bytes.writeUInt32BE(length, this.#frameStart + 1);
    this.#messages += 1;
    return true;
  }

  /** Takes out what was written; the memory is not written again before it is released. */
  take(): readonly Chunk[] {
    this.#closeChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  #newSlab(neededBytes: number): void {
    this.#closeChunk();
    this.#slab.release();
    this.#slab = this.#pool.take(neededBytes);
    this.wire.bytes = this.#slab.bytes;
    this.wire.position = 0;
    this.#chunkStart = 0;
  }

  #closeChunk(): void {
    if (this.#messages === 0) return;
    const bytes = this.wire.bytes.subarray(this.#chunkStart, this.wire.position);
    this.#slab.hold();
    this.#chunks.push({ bytes, messages: this.#messages, slab: this.#slab });
    this.#chunkStart = this.wire.position;
    this.#messages = 0;
  }
}
