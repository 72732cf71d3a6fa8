import { LIMITS } from '../layout.js';
import { mixTag } from './path-hash.js';

/** Something that is found by a tag. */
export interface Tagged {
  readonly tag: bigint;
}

/** Buckets of four: an entry lies in its first bucket or, where that is full, in its second. */
export interface Buckets<T extends Tagged> {
  readonly buckets: readonly (readonly T[])[];
  /** First buckets of which something lies in another. */
  readonly overflown: ReadonlySet<number>;
}

/** Puts entries into as few buckets as hold them at half load or less. */
export function bucketsOf<T extends Tagged>(entries: readonly T[]): Buckets<T> {
  let count = 1;
  while (count * LIMITS.slots < entries.length * 2) count *= 2;
  for (;;) {
    const placed = place(entries, count);
    if (placed !== undefined) return placed;
    count *= 2;
  }
}

function place<T extends Tagged>(entries: readonly T[], count: number): Buckets<T> | undefined {
  const buckets = Array.from({ length: count }, (): T[] => []);
  const overflown = new Set<number>();
  for (const entry of entries) {
    const mixed = mixTag(entry.tag);
    const first = bucketIn(mixed >> 8n, count);
    const bucket = [first, bucketIn(mixed >> 32n, count)].find(
      (each) => (buckets[each]?.length ?? 0) < LIMITS.slots,
    );
    if (bucket === undefined) return undefined;
    buckets[bucket]?.push(entry);
    if (bucket !== first) overflown.add(first);
  }
  return { buckets, overflown };
}

function bucketIn(bits: bigint, count: number): number {
  return Number(bits & BigInt(count - 1));
}
