/** What became of an operation, as the actor tells it. */
export interface Outcome {
  /** Of the subject, as its scope counts. */
  readonly pid: number;
  /** Of the operation; undefined where the subject became another program or was killed. */
  readonly errno?: number;
  /** What the program said that was executed. */
  readonly ran?: { readonly pid: number; readonly exe: string; readonly argv: readonly string[] };
  /** The signal that ended the subject. */
  readonly signal?: number;
}

/** The same, while it becomes known. */
export class OutcomeDraft {
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #ended: PromiseWithResolvers<Outcome> = Promise.withResolvers();
  #outcome: Outcome = { pid: 0 };

  constructor() {
    // Whoever waits gets the failure; nobody may be waiting yet.
    this.#ready.promise.catch(() => undefined);
    this.#ended.promise.catch(() => undefined);
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get ended(): Promise<Outcome> {
    return this.#ended.promise;
  }

  /** Takes in one report about this subject; false when it is not understood. */
  take(what: string, rest: readonly string[]): boolean {
    switch (what) {
      case 'ready':
        this.#outcome = { ...this.#outcome, pid: Number(rest[0]) };
        this.#ready.resolve();
        return true;
      case 'errno':
        this.#outcome = { ...this.#outcome, errno: Number(rest[0]) };
        return true;
      case 'ran':
        this.#outcome = {
          ...this.#outcome,
          ran: { pid: Number(rest[0]), exe: rest[1] ?? '', argv: rest.slice(2) },
        };
        return true;
      case 'killed':
        this.#outcome = { ...this.#outcome, signal: Number(rest[0]) };
        this.#ended.resolve(this.#outcome);
        return true;
      case 'ended':
        this.#ended.resolve(this.#outcome);
        return true;
      default:
        return false;
    }
  }

  fail(reason: Error): void {
    this.#ready.reject(reason);
    this.#ended.reject(reason);
  }
}
