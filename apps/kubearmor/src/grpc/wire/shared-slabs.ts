import { SharedSlab } from './shared-slab.js';
import type { Slab, Slabs } from './slab.js';

const SLAB_BYTES = 64 * 1024;
/** What is kept for the next burst: 4 MiB. */
const MAX_FREE = 64;

/** Slabs of 64 KiB that another thread may hold, each used many times. */
export class SharedSlabs implements Slabs {
  #taken: SharedSlab[] = [];
  #free: SharedSlab[] = [];

  take(neededBytes: number): Slab {
    if (neededBytes > SLAB_BYTES) return SharedSlab.allocate(neededBytes);
    const slab = this.#free.pop() ?? this.#collect() ?? SharedSlab.allocate(SLAB_BYTES);
    if (slab.isFree) slab.hold();
    this.#taken.push(slab);
    return slab;
  }

  // The other thread says nothing when it has done: looking is cheaper than a message for each.
  #collect(): SharedSlab | undefined {
    const taken: SharedSlab[] = [];
    for (const slab of this.#taken) {
      if (slab.isFree) {
        if (this.#free.length < MAX_FREE) this.#free.push(slab);
      } else if (!slab.isTainted) taken.push(slab);
    }
    this.#taken = taken;
    return this.#free.pop();
  }
}
