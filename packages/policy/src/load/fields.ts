import type { DocumentNode, MapEntry } from '../document/document-node.js';
import { fieldPath, itemPath } from '../document/document-path.js';
import { nearest } from './nearest.js';
import type { Place, Read } from './place.js';
import { accept } from './place.js';

/** The fields of one map, each read by name. A field without a value counts as absent, as it does to KubeArmor. */
export class Fields {
  readonly #place: Place;
  readonly #values = new Map<string, DocumentNode>();

  private constructor(place: Place) {
    this.#place = place;
  }

  /** Opens a map that may have the `known` fields and no other. */
  static open(place: Place, known: readonly string[]): Fields | undefined {
    const { node } = place;
    if (node.kind !== 'map')
      return accept<Fields>(place, undefined, 'WRONG_TYPE', `a map with ${known.join(', ')}`);
    const fields = new Fields(place);
    for (const entry of node.entries) {
      if (known.includes(entry.key)) fields.#keep(entry);
      else fields.#reportUnknown(entry, known);
    }
    return fields;
  }

  /** Whether a field has a value. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** A field that may be absent. */
  optional<T>(name: string, read: Read<T>): T | undefined {
    const node = this.#values.get(name);
    return node === undefined ? undefined : read(this.#at(name, node));
  }

  /** A field that must be there. */
  required<T>(name: string, expected: string, read: Read<T>): T | undefined {
    const node = this.#values.get(name);
    if (node !== undefined) return read(this.#at(name, node));
    this.reportMissing(name, expected);
    return undefined;
  }

  /** The items of a list that may be absent, without those that something was wrong with. */
  list<T>(name: string, expected: string, read: Read<T>): readonly T[] {
    return this.optional(name, (place) => readList(place, expected, read)) ?? [];
  }

  /** Says that `name` is not there. */
  reportMissing(name: string, expected: string): void {
    const { path, node, report } = this.#place;
    const at = fieldPath(path, name);
    report({ code: 'MISSING_FIELD', path: at, position: node.position, expected, got: 'nothing' });
  }

  #keep({ key, value }: MapEntry): void {
    if (value.kind !== 'scalar' || value.value !== null) this.#values.set(key, value);
  }

  #at(name: string, node: DocumentNode): Place {
    return { node, path: fieldPath(this.#place.path, name), report: this.#place.report };
  }

  #reportUnknown({ key, keyPosition }: MapEntry, known: readonly string[]): void {
    this.#place.report({
      code: 'UNKNOWN_FIELD',
      path: fieldPath(this.#place.path, key),
      position: keyPosition,
      expected: `one of ${known.join(', ')}`,
      got: `the unknown field ${JSON.stringify(key)}; did you mean ${nearest(key, known)}?`,
    });
  }
}

function readList<T>(place: Place, expected: string, read: Read<T>): readonly T[] | undefined {
  const { node, path, report } = place;
  if (node.kind !== 'list') return accept<T[]>(place, undefined, 'WRONG_TYPE', `a list of ${expected}`);
  const read1 = (item: DocumentNode, index: number): T | undefined =>
    read({ node: item, path: itemPath(path, index), report });
  return node.items.map(read1).filter((item) => item !== undefined);
}
