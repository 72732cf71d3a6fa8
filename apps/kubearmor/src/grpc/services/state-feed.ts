/** The node, a namespace or a workload, as controllers are told of it. */
export interface StateObject {
  readonly kind: 'container' | 'namespace' | 'node';
  /** Tells objects of one kind apart. */
  readonly id: string;
  readonly name: string;
  /** What is sent as JSON. */
  readonly object: Readonly<Record<string, unknown>>;
}

/** Says what there is, and when it is to be looked at again. */
export class StateFeed {
  readonly #objects: () => readonly StateObject[];
  #change = Promise.withResolvers<undefined>();

  constructor(objects: () => readonly StateObject[]) {
    this.#objects = objects;
  }

  /** What there is. */
  objects(): readonly StateObject[] {
    return this.#objects();
  }

  /** Something has changed. */
  changed(): void {
    this.#change.resolve(undefined);
    this.#change = Promise.withResolvers<undefined>();
  }

  /** Resolves when something changes after this. */
  async nextChange(): Promise<void> {
    await this.#change.promise;
  }
}
