/** The time, as a dependency. */
export interface Clock {
  /** Milliseconds that only ever go forward, from an arbitrary origin; for measuring how long something took. */
  nowMs(): number;
  /** Nanoseconds since the Unix epoch; for saying when something happened. */
  wallNs(): bigint;
}

const NS_PER_MS = 1_000_000n;

/** Creates the clock of the machine; wall time has the resolution of the monotonic clock. */
export function createSystemClock(): Clock {
  let offsetNs = 0n;
  return {
    nowMs: () => performance.now(),
    wallNs: () => {
      // Date.now() is the true time rounded down to a millisecond. As long as the extrapolation stays inside
      // that millisecond it is better; when it leaves it, the wall clock was set and we follow.
      const monotonicNs = process.hrtime.bigint();
      const flooredNs = BigInt(Date.now()) * NS_PER_MS;
      const exactNs = monotonicNs + offsetNs;
      if (exactNs >= flooredNs && exactNs < flooredNs + NS_PER_MS) return exactNs;
      offsetNs = flooredNs - monotonicNs;
      return flooredNs;
    },
  };
}
