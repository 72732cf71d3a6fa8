/** How a {@link RepeatFilter} remembers. */
export interface RepeatFilterOptions {
  /** How many keys are remembered; beyond, the one longest unseen is forgotten, so that it alerts once more. By default 65,536. */
  readonly maxKeys?: number;
}

/** Lets one alert through per key: one process, one open file, socket or capability, one rule. */
export class RepeatFilter {
  readonly #maxKeys: number;
  /** In the order in which they were last seen. */
  readonly #keys = new Set<string>();

  constructor(options: RepeatFilterOptions = {}) {
    this.#maxKeys = options.maxKeys ?? 65_536;
  }

  /** True the first time that a key is seen. The key must not survive its process: a pid alone is used again. */
  isFirst(key: string): boolean {
    const isKnown = this.#keys.delete(key);
    if (this.#keys.size >= this.#maxKeys) this.#forgetOldest();
    this.#keys.add(key);
    return !isKnown;
  }

  #forgetOldest(): void {
    for (const oldest of this.#keys) {
      this.#keys.delete(oldest);
      return;
    }
  }
}
