import { closeSync, existsSync, renameSync } from 'node:fs';

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

  /** There is a first one before there is anything to write; `want` asks for another, which {@link put} is to bring. */
  constructor(first: SpareFile, want: () => void) {
    this.#spare = first;
    this.#want = want;
  }

  /** Brings a file. */
  put(spare: SpareFile): void {
    this.#spare = spare;
  }

  /** Makes the file the segment of that path; `taken` if there is one, undefined while there is no file. */
  begin(path: string): number | 'taken' | undefined {
    if (this.#spare === undefined) return undefined;
    if (existsSync(path)) return 'taken';
    const { fd, path: from } = this.#spare;
    this.#spare = undefined;
    this.#want();
    try {
      renameSync(from, path);
      return fd;
    } catch {
      // Somebody has removed it: nobody would read it.
      closeSync(fd);
      return undefined;
    }
  }
}
