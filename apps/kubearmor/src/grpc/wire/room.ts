import { maxTextFieldBytes, WireWriter } from './wire-writer.js';

/** Room for the numbers and the tags of one message. */
export const FIXED_BYTES = 512;

/** How many bytes the texts of a value can take at most, wherever in it they stand. */
export function maxTextBytes(value: unknown): number {
  if (typeof value === 'string') return maxTextFieldBytes(value);
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = 0;
  for (const each of Object.values(value)) bytes += maxTextBytes(each);
  return bytes;
}

/** A writer with room for one message that is made of a value's texts and of numbers. */
export function roomFor(value: unknown): WireWriter {
  return new WireWriter(Buffer.allocUnsafe(FIXED_BYTES + maxTextBytes(value)));
}

/** How many bytes the entries of a map can take at most. */
export function maxEntriesBytes(entries: readonly (readonly [string, string])[]): number {
  let bytes = 0;
  // The entry's own tag and length take less than the slack of a text.
  for (const [key, value] of entries)
    bytes += maxTextFieldBytes(key) + maxTextFieldBytes(value) + maxTextFieldBytes('');
  return bytes;
}
