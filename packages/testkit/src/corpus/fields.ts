/** What can be read from the value of a field. */
export interface FieldValue {
  text(): string;
  integer(): number;
  flag(): boolean;
  items(): readonly Pick<FieldValue, 'text'>[];
  fail(expected: string, got?: string): never;
}

/** The fields of one mapping. */
export class Fields<Value extends FieldValue> {
  readonly #owner: FieldValue;
  readonly #byName: ReadonlyMap<string, Value>;

  constructor(owner: FieldValue, byName: ReadonlyMap<string, Value>) {
    this.#owner = owner;
    this.#byName = byName;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  optional(name: string): Value | undefined {
    return this.#byName.get(name);
  }

  required(name: string): Value {
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
    const items = this.#byName.get(name)?.items() ?? [];
    return items.map((item) => item.text());
  }
}
