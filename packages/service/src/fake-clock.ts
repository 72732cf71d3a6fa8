import type { Clock } from './clock.js';

const NS_PER_MS = 1_000_000n;

/** A clock for tests: it stands still until it is told to advance. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #wallNs: bigint;

  constructor(wallNs = 0n) {
    this.#wallNs = wallNs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallNs(): bigint {
    return this.#wallNs;
  }

  /** Moves both times forward by whole milliseconds. */
  advance(elapsedMs: number): void {
    this.#nowMs += elapsedMs;
    this.#wallNs += BigInt(elapsedMs) * NS_PER_MS;
  }
}
