import type { Place } from './place.js';
import { accept } from './place.js';
import { readText } from './values.js';

/** Reads `a, b, c`, wherever the commas stand; each word must mean something to `parse`. */
export function readCommaList<T>(
  place: Place,
  parse: (word: string) => T | undefined,
  expected: string,
): readonly T[] | undefined {
  const text = readText(place);
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim());
  const values = words.map(parse).filter((value) => value !== undefined);
  const list = values.length === words.length ? [...new Set(values)] : undefined;
  return accept(place, list, 'INVALID_VALUE', expected);
}
