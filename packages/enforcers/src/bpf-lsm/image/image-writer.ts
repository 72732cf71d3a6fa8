import { LIMITS, REF, SIZES } from '../layout.js';
import { bucketsOf, type Tagged } from './buckets.js';
import type { EffectTable, Override } from './effect-table.js';
import { mixTag, overrideTag } from './path-hash.js';

/** One entry of a table: `struct match_slot`. */
export interface Slot extends Tagged {
  readonly near: number;
  readonly far: number;
}

/** Where a table's buckets are: `struct match_table`. */
export interface TablePlace {
  readonly row: number;
  readonly mask: number;
}

/** The tables of one kind as binary values of the kernel's maps. */
export interface PathImage {
  /** `struct match_paths`. */
  readonly paths: Uint8Array;
  /** `struct match_row`, one after another. */
  readonly rows: Uint8Array;
  /** `struct match_patterns`, if there are patterns. */
  readonly patterns?: Uint8Array;
}

/** Rows of tables, one table after another. */
export class RowWriter {
  readonly #parts: Uint8Array[] = [];
  #rows = 0;

  /** Slots in buckets. */
  slots(slots: readonly Slot[]): TablePlace {
    const { buckets, overflown } = bucketsOf(slots);
    const bytes = new Uint8Array(buckets.length * SIZES.match_row);
    const view = new DataView(bytes.buffer);
    buckets.forEach((bucket, at) => {
      bucket.forEach(({ tag, near, far }, place) => {
        const offset = at * SIZES.match_row + place * SIZES.match_slot;
        view.setBigUint64(offset, tag, true);
        view.setUint32(offset + 8, near, true);
        view.setUint32(offset + 12, far, true);
      });
      const last = at * SIZES.match_row + (LIMITS.slots - 1) * SIZES.match_slot + 12;
      if (overflown.has(at)) view.setUint32(last, (view.getUint32(last, true) | REF.overflow) >>> 0, true);
    });
    return { row: this.#add(bytes), mask: buckets.length - 1 };
  }

  /** Overrides in buckets. */
  overrides(overrides: readonly Override[]): TablePlace {
    const tagged = overrides.map((each) => ({ ...each, tag: overrideTag(each.ref, each.source) }));
    const { buckets, overflown } = bucketsOf(tagged);
    const bytes = new Uint8Array(buckets.length * SIZES.match_row);
    const view = new DataView(bytes.buffer);
    buckets.forEach((bucket, at) => {
      bucket.forEach(({ ref, source, instead }, place) => {
        const offset = at * SIZES.match_row + place * SIZES.match_override;
        view.setUint32(offset, ref, true);
        view.setUint32(offset + 4, source, true);
        view.setUint32(offset + 8, instead, true);
      });
      const last = at * SIZES.match_row + (LIMITS.slots - 1) * SIZES.match_override + 12;
      if (overflown.has(at)) view.setUint32(last, 1, true);
    });
    return { row: this.#add(bytes), mask: buckets.length - 1 };
  }

  /** Effects, and the cells that refer to them. */
  effects(table: EffectTable): { readonly effectsRow: number; readonly cellsRow: number } {
    const effects = new Uint8Array(rounded(table.effectCount * SIZES.match_effect));
    table.writeEffects(new DataView(effects.buffer), 0);
    const cells = new Uint8Array(table.cellCount * SIZES.match_cell);
    table.writeCells(new DataView(cells.buffer), 0);
    return { effectsRow: this.#add(effects), cellsRow: this.#add(cells) };
  }

  /** Numbers, sixteen to a row. */
  numbers(numbers: readonly number[]): number {
    const bytes = new Uint8Array(rounded(numbers.length * 4));
    const view = new DataView(bytes.buffer);
    numbers.forEach((each, at) => {
      view.setUint32(at * 4, each, true);
    });
    return this.#add(bytes);
  }

  /** All rows. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  #add(bytes: Uint8Array): number {
    const row = this.#rows;
    this.#parts.push(bytes);
    this.#rows += bytes.length / SIZES.match_row;
    return row;
  }
}

/** Sets the two bits of each tag in a bloom filter of `struct match_paths`. */
export function bloomOf(slots: readonly Slot[]): BigUint64Array {
  const words = new BigUint64Array(LIMITS.bloomWords);
  for (const { tag } of slots) {
    const mixed = mixTag(tag);
    const word = Number(mixed >> 52n);
    words[word] = (words[word] ?? 0n) | (1n << ((mixed >> 46n) & 63n)) | (1n << ((mixed >> 40n) & 63n));
  }
  return words;
}

function rounded(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / SIZES.match_row)) * SIZES.match_row;
}
