import type { Lines, WorkloadShare } from './lines.js';

/** As much memory is kept for what comes next. */
const KEPT_BYTES = 256 * 1024;

/** Lines one behind the other, in memory that is used again: buffers that come and go with each alert stay until somebody collects them. */
export class LineBuffer implements Lines {
  #memory: Buffer = Buffer.allocUnsafeSlow(KEPT_BYTES);
  #shares: WorkloadShare[] = [];
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** All of them, as long as nothing is added or cleared. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  get shares(): readonly WorkloadShare[] {
    return this.#shares;
  }

  /** Copies lines behind those that are there. */
  add({ bytes, shares }: Lines): void {
    this.#makeRoom(bytes.length);
    this.#memory.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#shares.push(...shares);
  }

  /** Forgets them all. */
  clear(): void {
    if (this.#memory.length > KEPT_BYTES) this.#memory = Buffer.allocUnsafeSlow(KEPT_BYTES);
    this.#length = 0;
    this.#shares = [];
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#memory.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#memory.length));
    larger.set(this.bytes);
    this.#memory = larger;
  }
}
