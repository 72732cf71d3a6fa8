import type { Cursor } from './cursor.js';

/** The fields of one mapping. */
export class Fields {
  readonly #owner: Cursor;
  readonly #byName: ReadonlyMap<string, Cursor>;

  constructor(owner: Cursor, byName: ReadonlyMap<string, Cursor>) {
    this.#owner = owner;
    this.#byName = byName;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  optional(name: string): Cursor | undefined {
    return this.#byName.get(name);
  }

  required(name: string): Cursor {
    return this.#byName.get(name) ?? this.#owner.fail(`the field ${name}`, 'none');
  }

  /** A text, or what stands for its absence. */
  text(name: string, absent: string): string {
    return this.#byName.get(name)?.text() ?? absent;
  }

  integer(name: string, absent: number): number {
    return this.#byName.get(name)?.integer() ?? absent;
  }

  flag(name: string, absent: boolean): boolean {
    return this.#byName.get(name)?.flag() ?? absent;
  }

  /** A list of texts, empty where the field is absent. */
  texts(name: string): readonly string[] {
    return this.#byName.get(name)?.items().map((item) => item.text()) ?? [];
  }
}
