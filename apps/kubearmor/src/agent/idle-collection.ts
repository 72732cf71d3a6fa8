/** What {@link IdleCollection} needs. */
export interface IdleCollectionDeps {
  /** Grows with whatever there is to do. */
  readonly work: () => number;
  readonly rssBytes: () => number;
  /** Collects all garbage, where Node was started so that it can be asked to. */
  readonly collect: () => void;
}

const LOOK_MS = 5000;
/** So much more than after the last time is worth the pause. */
const WORTH_BYTES = 4 * 1024 * 1024;

/**
 * Gives memory back that a burst has used. Node collects what lives long only when more is asked for, which after a burst
 * may never be; while there is nothing to do, a pause of some ten milliseconds keeps nobody waiting.
 */
export class IdleCollection {
  readonly #deps: IdleCollectionDeps;
  #work = NaN;
  #leastBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: IdleCollectionDeps) {
    this.#deps = deps;
  }

  /** Starts to look now and then. */
  start(): void {
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Collects if nothing was done since the last look and there is something to be had. */
  look(): void {
    const { work, rssBytes, collect } = this.#deps;
    const before = this.#work;
    this.#work = work();
    if (this.#work !== before || rssBytes() < this.#leastBytes + WORTH_BYTES) return;
    collect();
    this.#leastBytes = rssBytes();
  }
}
