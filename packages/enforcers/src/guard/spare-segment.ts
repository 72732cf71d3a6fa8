import { existsSync, renameSync } from 'node:fs';

/** A file that is open and has no segment's name yet. */
export interface SpareFile {
  readonly path: string;
  readonly fd: number;
}

/**
 * Segments for a thread that may open nothing: it is the one that is asked about every open, its own included. Another
 * thread opens a file in advance; giving it its name opens nothing.
 */
export class SpareSegment {
  readonly #want: () => void;
  #spare: SpareFile | undefined;

  /** `want` asks for a file, which {@link put} is to bring; called at once, too. */
  constructor(want: () => void) {
    this.#want = want;
    want();
  }

  /** Brings a file. */
  put(spare: SpareFile): void {
    this.#spare = spare;
  }

  /** Makes the file the segment of that path; `taken` if there is one, `wait` while there is no file. */
  begin(path: string): number | 'taken' | 'wait' {
    if (this.#spare === undefined) return 'wait';
    if (existsSync(path)) return 'taken';
    const { fd, path: from } = this.#spare;
    this.#spare = undefined;
    renameSync(from, path);
    this.#want();
    return fd;
  }
}
