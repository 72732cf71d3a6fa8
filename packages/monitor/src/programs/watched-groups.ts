import { ALL_GROUPS } from '../record/layout.js';

const BITS = 32 - Math.clz32(ALL_GROUPS);

/** What somebody watches, of anybody. */
export class WatchedGroups {
  readonly #byWorkload = new Map<number, number>();
  readonly #watchers = new Uint32Array(BITS);

  /** The bits of `enum monitor_group` that somebody watches. */
  get all(): number {
    let groups = 0;
    this.#watchers.forEach((count, bit) => {
      if (count > 0) groups |= 1 << bit;
    });
    return groups;
  }

  /** Notes what is watched of a workload from now on. */
  set(workload: number, groups: number): void {
    const before = this.#byWorkload.get(workload) ?? 0;
    this.#watchers.forEach((count, bit) => {
      this.#watchers[bit] = count + ((groups >> bit) & 1) - ((before >> bit) & 1);
    });
    if (groups === 0) this.#byWorkload.delete(workload);
    else this.#byWorkload.set(workload, groups);
  }
}
