import type { Slab, Slabs } from './slab.js';

const SLAB_BYTES = 64 * 1024;
/** What is kept for the next burst: 8 MiB. */
const MAX_FREE = 128;

/** Slabs of 64 KiB, each used many times: new memory for every burst would leave the work of finding it unused to the collector. */
export class LocalSlabs implements Slabs {
  readonly #free: Buffer[] = [];

  take(neededBytes: number): Slab {
    if (neededBytes > SLAB_BYTES) return new LocalSlab(Buffer.allocUnsafeSlow(neededBytes), undefined);
    const bytes = this.#free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
    return new LocalSlab(bytes, (unused) => {
      if (this.#free.length < MAX_FREE) this.#free.push(unused);
    });
  }
}

class LocalSlab implements Slab {
  readonly bytes: Buffer;
  readonly #reuse: ((bytes: Buffer) => void) | undefined;
  #holders = 1;
  #isTainted = false;

  constructor(bytes: Buffer, reuse: ((bytes: Buffer) => void) | undefined) {
    this.bytes = bytes;
    this.#reuse = reuse;
  }

  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0 && !this.#isTainted) this.#reuse?.(this.bytes);
  }

  taint(): void {
    this.#isTainted = true;
  }
}
