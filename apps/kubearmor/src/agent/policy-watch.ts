import { watch, type FSWatcher } from 'node:fs';

const SETTLE_MS = 50;
/** Changes that the watch of the directory misses are found at the latest after this. */
const RESCAN_MS = 5000;

/** Tells of changes of a directory, at the latest after five seconds. */
export class PolicyWatch {
  readonly #watcher: FSWatcher;
  readonly #timer: NodeJS.Timeout;

  constructor(directory: string, onChange: () => void) {
    let settling: NodeJS.Timeout | undefined;
    this.#watcher = watch(directory, () => {
      // Not later for every further change: a directory that never rests must be read all the same.
      settling ??= setTimeout(() => {
        settling = undefined;
        onChange();
      }, SETTLE_MS);
    });
    this.#timer = setInterval(onChange, RESCAN_MS);
  }

  close(): void {
    this.#watcher.close();
    clearInterval(this.#timer);
  }
}
