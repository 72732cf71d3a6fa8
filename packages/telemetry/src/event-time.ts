const NS_PER_US = 1000n;
const US_PER_SECOND = 1_000_000;
const MS_PER_SECOND = 1000;

/** The two spellings of a moment in an alert or message. */
export interface EventTime {
  readonly Timestamp: number;
  readonly UpdatedTime: string;
}

/** A second that was spelled last, without its fractions: many events are of the same. */
let second = { at: NaN, text: '' };

/** Spells nanoseconds since the Unix epoch as seconds and as RFC 3339 in UTC with microseconds. */
export function eventTime(atNs: bigint): EventTime {
  const us = Number(atNs / NS_PER_US);
  const at = Math.floor(us / US_PER_SECOND);
  if (at !== second.at) second = { at, text: new Date(at * MS_PER_SECOND).toISOString().slice(0, -4) };
  const microseconds = String(us - at * US_PER_SECOND).padStart(6, '0');
  return { Timestamp: at, UpdatedTime: `${second.text}${microseconds}Z` };
}
