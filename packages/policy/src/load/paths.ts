import type { DirectoryObject, PathObject } from '../language/rule.js';
import { utf8Length } from '../text/utf8.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import { readText } from './values.js';

/** The longest path that the kernel takes, in bytes. */
const maxPathBytes = 4096;

/** An absolute path that does not end in a slash. */
export function readPath(place: Place): string | undefined {
  const expected = 'an absolute path that does not end in / (for a directory use matchDirectories)';
  const path = readAbsolute(place, expected);
  if (path === undefined) return undefined;
  return accept(place, path.endsWith('/') ? undefined : path, 'INVALID_VALUE', expected);
}

/** An absolute path of a directory; the slash at its end is added where it is missing. */
export function readDirectory(place: Place): string | undefined {
  const path = readAbsolute(place, 'an absolute path of a directory');
  return path === undefined || path.endsWith('/') ? path : `${path}/`;
}

/** A path, or a directory if it ends in a slash. */
export function readPathOrDirectory(
  place: Place,
  recursive: boolean,
): PathObject | DirectoryObject | undefined {
  const path = readAbsolute(place, 'an absolute path');
  if (path === undefined) return undefined;
  return path.endsWith('/') ? { match: 'dir', dir: path, recursive } : { match: 'path', path };
}

/** Doubled slashes and `.` mean nothing; `..` is left to the workload's file system, where links count. */
function readAbsolute(place: Place, expected: string): string | undefined {
  const text = readText(place);
  if (text === undefined) return undefined;
  const isPath = text.startsWith('/') && !text.includes('\0');
  if (!isPath) return accept<string>(place, undefined, 'INVALID_VALUE', expected);
  const isShort = utf8Length(text) <= maxPathBytes;
  if (!isShort)
    return accept<string>(place, undefined, 'INVALID_VALUE', `a path of at most ${maxPathBytes} bytes`);
  return text
    .replaceAll(/\/(?:\.?\/)+/g, '/')
    .replace(/(?<=.)\/\.$/, '')
    .replace(/^\/\.$/, '/');
}
