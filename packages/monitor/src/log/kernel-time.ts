import type { Clock } from '@kubearmor/service';

const NS_PER_US = 1000;
const REFRESH_MS = 1000;
/** What two clocks that are read one after the other differ by says nothing: times of one process must not go back for it. */
const TOLERANCE_US = 1000;
const GOOD_GAP_US = 50;
const MAX_TRIES = 20;

/** Tells the wall-clock time of moments of the kernel's monotonic clock, and follows when the wall clock is set. */
export class KernelTime {
  readonly #clock: Clock;
  readonly #monotonicNs: () => bigint;
  #offsetUs = 0;
  /** How long the comparison took that it is from. */
  #gapUs = 0;
  #refreshedMs = Number.NEGATIVE_INFINITY;

  /** `monotonicNs` is CLOCK_MONOTONIC, by default Node's `process.hrtime`. */
  constructor(clock: Clock, monotonicNs: () => bigint = () => process.hrtime.bigint()) {
    this.#clock = clock;
    this.#monotonicNs = monotonicNs;
  }

  /** Compares the clocks again when that was more than a second ago. Call it before a batch, not for every event. */
  refresh(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#refreshedMs < REFRESH_MS) return;
    this.#refreshedMs = nowMs;
    const { offsetUs, gapUs } = this.#compare();
    // Either comparison may be wrong by as long as the thread was held up in it.
    if (Math.abs(offsetUs - this.#offsetUs) <= TOLERANCE_US + gapUs + this.#gapUs) return;
    this.#offsetUs = offsetUs;
    this.#gapUs = gapUs;
  }

  // A thread can lose the processor between two readings: of several the one counts that took least.
  #compare(): { readonly offsetUs: number; readonly gapUs: number } {
    let best = this.#compareOnce();
    for (let tries = 1; tries < MAX_TRIES && best.gapUs > GOOD_GAP_US; tries++) {
      const next = this.#compareOnce();
      if (next.gapUs < best.gapUs) best = next;
    }
    return best;
  }

  #compareOnce(): { readonly offsetUs: number; readonly gapUs: number } {
    const before = this.#monotonicNs();
    const wall = this.#clock.wallNs();
    const gap = this.#monotonicNs() - before;
    const offset = wall - before - gap / 2n;
    return { offsetUs: Number(offset / BigInt(NS_PER_US)), gapUs: Number(gap) / NS_PER_US };
  }

  /** Microseconds since the Unix epoch. */
  wallUs(kernelNs: number): number {
    return this.#offsetUs + Math.floor(kernelNs / NS_PER_US);
  }
}
