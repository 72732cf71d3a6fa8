/** One measured value beside what it is compared with. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same without what is measured, in the same unit; 1 where the value is a ratio already. */
  readonly baseline: number;
}

/** The middle value; of two middle ones their mean. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Writes results in columns. */
export function formatTable(title: string, results: readonly Result[]): string {
  const rows = results.map(({ name, value, unit, baseline }) => [
    name,
    rounded(value),
    rounded(baseline),
    unit,
    unit === 'ratio' ? '' : `${rounded(value / baseline)} x`,
  ]);
  const header = [title, 'value', 'baseline', 'unit', 'value/baseline'];
  const widths = header.map((text, column) =>
    Math.max(text.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [line(header), ...rows.map(line)].join('\n');
}

function rounded(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
