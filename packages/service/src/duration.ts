const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);
const WHOLE = /^(?:\d+(?:ms|s|m|h))+$/;
const PART = /(\d+)(ms|s|m|h)/g;

/** Reads a duration such as `90s`, `5m` or `1h30m`, in milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  const parts = [...text.matchAll(PART)];
  return parts.reduce((total, [, count, unit = '']) => total + Number(count) * (UNITS_MS.get(unit) ?? 0), 0);
}
