import { ServiceError } from './errors.js';

const LINE_FEED = 0x0a;

/** Cuts a stream of bytes into lines and refuses lines that are too long. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #partial: Uint8Array[] = [];
  #partialBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that this chunk completes, without their line breaks. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#takeLine());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(bytes: Uint8Array): void {
    this.#partialBytes += bytes.length;
    if (this.#partialBytes > this.#maxLineBytes) {
      const message = `expected a line of at most ${this.#maxLineBytes} bytes, got ${this.#partialBytes} or more`;
      throw new ServiceError('SOCKET_LINE_TOO_LONG', message);
    }
    if (bytes.length > 0) this.#partial.push(bytes);
  }

  #takeLine(): string {
    const line = Buffer.concat(this.#partial, this.#partialBytes).toString('utf8');
    this.#partial = [];
    this.#partialBytes = 0;
    return line;
  }
}
