import { formatTable } from './table.js';

type Row = Readonly<Record<string, unknown>>;

/** What an agent says beyond what is known here, each part as a table under its own name. */
export function formatOtherParts(others: Row): readonly string[] {
  return Object.entries(others).map(([name, value]) => formatPart(headingOf(name), value));
}

function formatPart(name: string, value: unknown): string {
  if (Array.isArray(value)) return formatRows(name, value);
  if (isRow(value)) {
    const rows = Object.entries(value).map(([key, each]) => [key, cellOf(each)]);
    return rows.length === 0 ? '' : formatTable([name, 'VALUE'], rows);
  }
  return value === undefined || value === null || value === '' ? '' : `${name}  ${cellOf(value)}\n`;
}

function formatRows(name: string, values: readonly unknown[]): string {
  if (values.length === 0) return '';
  const rows = values.filter(isRow);
  if (rows.length < values.length)
    return formatTable(
      [name],
      values.map((value) => [cellOf(value)]),
    );
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const [first = '', ...rest] = columns.map(headingOf);
  // The part's name stands before the first column: all else would need a line of its own.
  const headings = [`${name}: ${first}`, ...rest];
  return formatTable(
    headings,
    rows.map((row) => columns.map((column) => cellOf(row[column]))),
  );
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cellOf).join(',');
  if (isRow(value)) {
    const entries = Object.entries(value);
    return entries.length === 0 ? '-' : entries.map(([key, each]) => `${key}=${cellOf(each)}`).join(',');
  }
  return JSON.stringify(value);
}

/** `maxAlertPerSec` as `MAX ALERT PER SEC`. */
function headingOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toUpperCase();
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
