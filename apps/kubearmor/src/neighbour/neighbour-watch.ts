import type { Logger } from '@kubearmor/service';

/** What a {@link NeighbourWatch} needs. */
export interface NeighbourWatchDependencies {
  readonly logger: Logger;
  /** What of this machine is another KubeArmor's. */
  readonly find: () => readonly string[];
}

const LOOK_MS = 60_000;

/** Looks now and then whether another KubeArmor is on the machine, and says so. */
export class NeighbourWatch {
  readonly #deps: NeighbourWatchDependencies;
  #found: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: NeighbourWatchDependencies) {
    this.#deps = deps;
  }

  /** What was found last. */
  get found(): readonly string[] {
    return this.#found;
  }

  /** Looks, and goes on looking. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** Looks no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const before = this.#found;
    this.#found = this.#deps.find();
    const come = this.#found.filter((each) => !before.includes(each));
    if (come.length > 0) {
      this.#deps.logger.warn(
        { found: come },
        'another KubeArmor is on this machine: both enforce, or one undoes the other',
      );
    }
  }
}
