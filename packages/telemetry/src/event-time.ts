const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_MS = 1_000_000n;
const NS_PER_US = 1_000n;

/** The two spellings of a moment in an alert or message. */
export interface EventTime {
  readonly Timestamp: number;
  readonly UpdatedTime: string;
}

/** Spells nanoseconds since the Unix epoch as seconds and as RFC 3339 in UTC with microseconds. */
export function eventTime(atNs: bigint): EventTime {
  const withoutMicroseconds = new Date(Number(atNs / NS_PER_MS)).toISOString().slice(0, -1);
  const microseconds = String((atNs % NS_PER_MS) / NS_PER_US).padStart(3, '0');
  return { Timestamp: Number(atNs / NS_PER_SECOND), UpdatedTime: `${withoutMicroseconds}${microseconds}Z` };
}
