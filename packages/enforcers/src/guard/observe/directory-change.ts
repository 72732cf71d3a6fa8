import { watch, type FSWatcher } from 'node:fs';

/** Tells that something in a directory has changed; at the latest after `maxWaitMs` it is time to look anyway. */
export class DirectoryChange {
  readonly #directory: string;
  readonly #maxWaitMs: number;
  #watcher: FSWatcher | undefined;
  #hasChanged = false;
  #wake: (() => void) | undefined;

  constructor(directory: string, maxWaitMs: number, signal: AbortSignal) {
    this.#directory = directory;
    this.#maxWaitMs = maxWaitMs;
    signal.addEventListener(
      'abort',
      () => {
        this.#change();
      },
      { once: true },
    );
  }

  /** Starts to watch; what has changed before is not told. */
  watch(): void {
    this.#watcher ??= watchQuietly(this.#directory, () => {
      this.#change();
    });
  }

  /** Waits for a change since the watching began, or since the last call. */
  async next(): Promise<void> {
    const changed = Promise.withResolvers<undefined>();
    this.#wake = () => {
      changed.resolve(undefined);
    };
    const timer = setTimeout(this.#wake, this.#maxWaitMs);
    if (this.#hasChanged) this.#wake();
    await changed.promise;
    clearTimeout(timer);
    this.#hasChanged = false;
  }

  /** Stops to watch. */
  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #change(): void {
    this.#hasChanged = true;
    this.#wake?.();
  }
}

// Where the kernel has no watch left to give, looking from time to time must do.
function watchQuietly(directory: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(directory, changed).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
