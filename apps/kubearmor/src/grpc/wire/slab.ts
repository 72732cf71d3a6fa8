/** Memory that messages are written into, to be used again when nobody holds it any more. */
export class Slab {
  readonly bytes: Buffer;
  readonly #reuse: ((bytes: Buffer) => void) | undefined;
  #holders = 1;
  #isTainted = false;

  /** Whoever makes it holds it. */
  constructor(bytes: Buffer, reuse: ((bytes: Buffer) => void) | undefined) {
    this.bytes = bytes;
    this.#reuse = reuse;
  }

  /** One more holds it. */
  hold(): void {
    this.#holders += 1;
  }

  /** One fewer holds it; it must not be read by that one any more. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0 && !this.#isTainted) this.#reuse?.(this.bytes);
  }

  /** It may still be read by somebody who does not say when he has done: it is not used again. */
  taint(): void {
    this.#isTainted = true;
  }
}

const SLAB_BYTES = 64 * 1024;
/** What is kept for the next burst: 8 MiB. */
const MAX_FREE = 128;

/** Slabs of 64 KiB, each used many times: new memory for every burst would leave the work of finding it unused to the collector. */
export class SlabPool {
  readonly #free: Buffer[] = [];

  /** A slab of at least so many bytes. */
  take(neededBytes: number): Slab {
    if (neededBytes > SLAB_BYTES) return new Slab(Buffer.allocUnsafeSlow(neededBytes), undefined);
    const bytes = this.#free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
    return new Slab(bytes, (unused) => {
      if (this.#free.length < MAX_FREE) this.#free.push(unused);
    });
  }
}
