import { appendFileSync } from 'node:fs';
import { KarmorError } from '../errors.js';
import type { Output } from '../output.js';

/** Takes the text of one event; false when nobody wants any more. */
export type EventDestination = (text: string) => boolean;

const MODE = 0o600;

/** Where events go: `stdout` or a file; undefined for `none`. */
export function openDestination(path: string, output: Output): EventDestination | undefined {
  if (path === 'none') return undefined;
  if (path === 'stdout') return (text) => output.print(text);
  const append = (text: string): boolean => {
    // By its name each time: whoever rotates the file need not tell.
    try {
      appendFileSync(path, text, { mode: MODE });
      return true;
    } catch (cause) {
      throw new KarmorError('FILE_UNWRITABLE', `${path}: expected a file to append to: ${String(cause)}`, {
        cause,
      });
    }
  };
  // What cannot be written is to be known before something happens that should be.
  append('');
  return append;
}
