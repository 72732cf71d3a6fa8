import type { WorkloadShare } from '@kubearmor/telemetry';
import { LocalSlabs } from './local-slabs.js';
import type { Slab, Slabs } from './slab.js';
import { WireWriter } from './wire-writer.js';

/** Messages one behind the other, each with gRPC's five bytes before it. Whoever has it holds its slab once. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly messages: number;
  /** Whose messages these are. */
  readonly shares: readonly WorkloadShare[];
  readonly slab: Slab;
}

const PREFIX_BYTES = 5;
/** What stock clients accept at most; a message beyond it would end their stream. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Writes messages into slabs of memory, so that many of them leave in one write. */
export class FrameWriter {
  readonly wire: WireWriter;
  readonly #slabs: Slabs;
  #slab: Slab;
  #chunks: Chunk[] = [];
  #chunkStart = 0;
  #messages = 0;
  #shares: { workload: string; messages: number }[] = [];
  #frameStart = 0;

  /** By default the memory is this thread's alone. */
  constructor(slabs: Slabs = new LocalSlabs()) {
    this.#slabs = slabs;
    this.#slab = slabs.take(0);
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

  /** Ends the message, which is a workload's, the host's by default; false when it is too long for any client and was taken back. */
  end(workload = ''): boolean {
    const { wire } = this;
    const length = wire.position - this.#frameStart - PREFIX_BYTES;
    if (length > MAX_MESSAGE_BYTES) {
      wire.position = this.#frameStart;
      return false;
    }
    wire.bytes[this.#frameStart] = 0;
    wire.bytes.writeUInt32BE(length, this.#frameStart + 1);
    this.#messages += 1;
    this.#countFor(workload);
    return true;
  }

  /** Ends the chunk that is being filled. */
  endChunk(): void {
    if (this.#messages === 0) return;
    const bytes = this.wire.bytes.subarray(this.#chunkStart, this.wire.position);
    this.#slab.hold();
    this.#chunks.push({ bytes, messages: this.#messages, shares: this.#shares, slab: this.#slab });
    this.#chunkStart = this.wire.position;
    this.#messages = 0;
    this.#shares = [];
  }

  /** Takes out what was written; the memory is not written again before it is released. */
  take(): readonly Chunk[] {
    this.endChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  #newSlab(neededBytes: number): void {
    this.endChunk();
    this.#slab.release();
    this.#slab = this.#slabs.take(neededBytes);
    this.wire.bytes = this.#slab.bytes;
    this.wire.position = 0;
    this.#chunkStart = 0;
  }

  #countFor(workload: string): void {
    const known = this.#shares.find((share) => share.workload === workload);
    if (known === undefined) this.#shares.push({ workload, messages: 1 });
    else known.messages += 1;
  }
}
