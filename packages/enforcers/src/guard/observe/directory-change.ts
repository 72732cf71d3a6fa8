import { watch, type FSWatcher } from 'node:fs';

/** Tells that something in a directory has changed; at the latest after `maxWaitMs` it is time to look anyway. */
export class DirectoryChange {
  readonly #watcher: FSWatcher | undefined;
  readonly #maxWaitMs: number;
  #hasChanged = false;
  #wake: (() => void) | undefined;

  constructor(directory: string, maxWaitMs: number, signal: AbortSignal) {
    this.#maxWaitMs = maxWaitMs;
    this.#watcher = watchQuietly(directory, () => {
      this.#change();
    });
    signal.addEventListener(
      'abort',
      () => {
        this.#change();
      },
      { once: true },
    );
  }

  /** Waits for a change since the last call. */
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

  close(): void {
    this.#watcher?.close();
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
