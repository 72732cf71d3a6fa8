/** For how long a heartbeat has not changed, as far as whoever watches was awake to see it. */
export class Silence {
  readonly #maxStepMs: number;
  #heartbeat = 0;
  #lookedAtMs: number;
  #silentMs = 0;

  constructor(options: { readonly maxStepMs: number; readonly nowMs: number }) {
    this.#maxStepMs = options.maxStepMs;
    this.#lookedAtMs = options.nowMs;
  }

  /** Takes a look; returns how long it has been silent, in milliseconds. */
  look(heartbeat: number, nowMs: number): number {
    // A machine that slept, or gave nobody any time, makes nobody silent.
    const step = Math.min(nowMs - this.#lookedAtMs, this.#maxStepMs);
    this.#lookedAtMs = nowMs;
    this.#silentMs = heartbeat === this.#heartbeat ? this.#silentMs + step : 0;
    this.#heartbeat = heartbeat;
    return this.#silentMs;
  }
}
