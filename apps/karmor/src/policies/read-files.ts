import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KarmorError } from '../errors.js';

/** A text, and what it is called. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

const ENDINGS = /\.(ya?ml|json)$/;
const STDIN = 0;

/** Reads files; of a directory the YAML and JSON files in it, `-` is standard input. Throws FILE_UNREADABLE. */
export function readFiles(names: readonly string[]): readonly TextFile[] {
  return names.flatMap((name) => (name === '-' ? [readText('standard input', STDIN)] : readPath(name)));
}

function readPath(path: string): readonly TextFile[] {
  if (!isDirectory(path)) return [readText(path, path)];
  const files = readdirSync(path)
    .filter((name) => ENDINGS.test(name))
    .sort();
  return files.map((name) => join(path, name)).map((file) => readText(file, file));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readText(name: string, source: string | number): TextFile {
  try {
    return { name, text: readFileSync(source, 'utf8') };
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new KarmorError('FILE_UNREADABLE', `${name}: expected a file that can be read, got ${reason}`, {
      cause,
    });
  }
}
