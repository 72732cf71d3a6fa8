import { BpfMap, type BpfObject } from '@kubearmor/kernel';
import type { RuleImage } from './image/rule-image.js';
import { KIND, KINDS, LIMITS, SIZES } from './layout.js';

const BPF_F_INNER_MAP = 0x1000;

const OUTER = ['match_paths', 'match_rows', 'match_patterns'] as const;

/** The maps of maps that hold rule sets, by their names in bpf/lib/match/maps.h. */
export type ImageMapName = (typeof OUTER)[number];

/** Rule sets in the kernel: each has a slot, and is never changed while it is there. */
export class ImageMaps {
  readonly #maps: Readonly<Record<ImageMapName, BpfMap>>;

  constructor(maps: Readonly<Record<ImageMapName, BpfMap>>) {
    this.#maps = maps;
  }

  /** Loads an object, whose rule sets consist of inner maps as these make them. */
  static load(object: BpfObject): void {
    const templates = OUTER.map((name) => ({ name, map: createInner(name, 1) }));
    try {
      for (const { name, map } of templates) object.findMap(name).setInnerMap(map.fd);
      object.load();
    } finally {
      for (const { map } of templates) map.close();
    }
  }

  /** The maps of an object that is loaded. */
  static of(object: BpfObject): ImageMaps {
    return new ImageMaps({
      match_paths: object.findMap('match_paths').open(),
      match_rows: object.findMap('match_rows').open(),
      match_patterns: object.findMap('match_patterns').open(),
    });
  }

  /** Puts a rule set into a slot that nobody uses. */
  install(slot: number, image: RuleImage): void {
    const kinds = [image.file, image.process, image.source];
    const full = kinds.flatMap((each, kind) =>
      each === undefined ? [] : [{ at: slot * KINDS + kind, ...each }],
    );
    const rows = full.map((each) => ({ at: each.at, bytes: each.rows }));
    const fixed = image.fixed === undefined ? [] : [{ at: slot * KINDS + KIND.fixed, bytes: image.fixed }];
    const patterns = full.flatMap((each) => (each.patterns ? [{ at: each.at, bytes: each.patterns }] : []));
    this.#put('match_rows', [...rows, ...fixed]);
    this.#put('match_patterns', patterns);
    // What the others are found by.
    this.#put(
      'match_paths',
      full.map((each) => ({ at: each.at, bytes: each.paths })),
    );
  }

  /** Empties a slot that nobody uses any more; the kernel keeps what is being read until that is done. */
  remove(slot: number): void {
    for (let at = slot * KINDS; at < (slot + 1) * KINDS; at++) {
      for (const name of OUTER) this.#empty(name, at);
    }
  }

  close(): void {
    for (const name of OUTER) this.#maps[name].close();
  }

  // Every change of a map of maps waits until no program looks at what was there before: the fewer, the sooner.
  #put(name: ImageMapName, entries: readonly { readonly at: number; readonly bytes: Uint8Array }[]): void {
    if (entries.length === 0) return;
    const inner = entries.map(({ bytes }) => filled(name, bytes));
    try {
      const keys = Uint32Array.from(entries, ({ at }) => at);
      const values = Uint32Array.from(inner, ({ fd }) => fd);
      this.#maps[name].updateBatch(
        new Uint8Array(keys.buffer),
        new Uint8Array(values.buffer),
        entries.length,
      );
    } finally {
      for (const map of inner) map.close();
    }
  }

  #empty(name: ImageMapName, at: number): void {
    const map = this.#maps[name];
    if (map.lookup(key(at), new Uint8Array(map.valueBytes))) map.delete(key(at));
  }
}

/** An inner map with its content, which nobody can change any more. */
function filled(name: ImageMapName, bytes: Uint8Array): BpfMap {
  const count = bytes.length / VALUE_BYTES[name];
  const map = createInner(name, count);
  if (count === 1) map.update(key(0), bytes);
  else
    map.updateBatch(
      new Uint8Array(Uint32Array.from({ length: count }, (_, row) => row).buffer),
      bytes,
      count,
    );
  map.freeze();
  return map;
}

const VALUE_BYTES: Readonly<Record<ImageMapName, number>> = {
  match_paths: SIZES.match_paths,
  match_rows: SIZES.match_row,
  match_patterns: SIZES.match_patterns,
};

function createInner(name: ImageMapName, maxEntries: number): BpfMap {
  return BpfMap.create({
    type: 'array',
    name,
    keySize: 4,
    valueSize: VALUE_BYTES[name],
    maxEntries,
    flags: name === 'match_rows' ? BPF_F_INNER_MAP : 0,
  });
}

function key(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** As many rule sets can be in force at a time. */
export const MAX_RULE_SETS: number = LIMITS.sets;
