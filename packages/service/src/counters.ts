/** The labels of a counter. */
export type CounterLabels = Readonly<Record<string, string>>;

/** A number that only grows. */
export interface Counter {
  /** Adds to it, by default 1. */
  add(amount?: number): void;
}

/** The value of one counter at one moment. */
export interface CounterSample {
  readonly name: string;
  readonly labels: CounterLabels;
  readonly value: number;
}

/** How {@link Counters} are kept. */
export interface CountersOptions {
  /** How many different counters are kept; further ones share one per name, labelled `overflow`. By default 10,000. */
  readonly maxCounters?: number;
}

/** Named counters with labels. */
export class Counters {
  readonly #maxCounters: number;
  readonly #cells = new Map<string, Cell>();

  constructor(options: CountersOptions = {}) {
    this.#maxCounters = options.maxCounters ?? 10_000;
  }

  /** The counter of that name and those labels, whatever their order; keep it where it is used often. */
  counter(name: string, labels: CounterLabels = {}): Counter {
    const key = keyOf(name, labels);
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    if (this.#cells.size >= this.#maxCounters && !('overflow' in labels)) {
      return this.counter(name, { overflow: 'true' });
    }
    const cell = new Cell(name, labels);
    this.#cells.set(key, cell);
    return cell;
  }

  /** What the counters of these names come to, whatever their labels. */
  sum(names: readonly string[]): number {
    let sum = 0;
    for (const { name, value } of this.#cells.values()) if (names.includes(name)) sum += value;
    return sum;
  }

  /** All counters in the order in which they were first used. */
  snapshot(): readonly CounterSample[] {
    return [...this.#cells.values()].map(({ name, labels, value }) => ({ name, labels, value }));
  }
}

class Cell implements Counter, CounterSample {
  readonly name: string;
  readonly labels: CounterLabels;
  value = 0;

  constructor(name: string, labels: CounterLabels) {
    this.name = name;
    this.labels = labels;
  }

  add(amount = 1): void {
    this.value += amount;
  }
}

function keyOf(name: string, labels: CounterLabels): string {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, ...entries]);
}
