import type { Slab } from './slab.js';

/** The number of holders stands before the bytes. */
const HEADER_BYTES = 8;
const HOLDERS = 0;
const TAINTED = 0x4000_0000;

/** Memory that one thread writes and another one sends: both count its holders in it. */
export class SharedSlab implements Slab {
  readonly bytes: Buffer;
  readonly #header: Int32Array<SharedArrayBuffer>;

  private constructor(memory: SharedArrayBuffer) {
    this.#header = new Int32Array(memory, 0, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.bytes = Buffer.from(memory, HEADER_BYTES);
  }

  /** New memory, which the caller holds. */
  static allocate(bytes: number): SharedSlab {
    const slab = new SharedSlab(new SharedArrayBuffer(HEADER_BYTES + bytes));
    slab.hold();
    return slab;
  }

  /** The memory of another thread's slab; what that one holds of it is now the caller's to release. */
  static of(memory: SharedArrayBuffer): SharedSlab {
    return new SharedSlab(memory);
  }

  /** What the other thread makes its slab of. */
  get memory(): SharedArrayBuffer {
    return this.#header.buffer;
  }

  /** Whether nobody holds it and it may be used again. */
  get isFree(): boolean {
    return Atomics.load(this.#header, HOLDERS) === 0;
  }

  /** Whether it must never be used again. */
  get isTainted(): boolean {
    return (Atomics.load(this.#header, HOLDERS) & TAINTED) !== 0;
  }

  hold(): void {
    Atomics.add(this.#header, HOLDERS, 1);
  }

  release(): void {
    Atomics.sub(this.#header, HOLDERS, 1);
  }

  taint(): void {
    Atomics.or(this.#header, HOLDERS, TAINTED);
  }
}
