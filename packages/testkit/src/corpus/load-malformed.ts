import { join } from 'node:path';
import { Cursor } from './cursor.js';
import { readText } from './load-corpus.js';

/** A policy file with something wrong in it, and what must be said about that. */
export interface MalformedPolicy {
  /** Name of the file, as in `unknown-field.yaml`. */
  readonly file: string;
  readonly text: string;
  /** Where the problem is, counted from 1. Absent: anywhere. */
  readonly line?: number;
  /** In the document, as in `spec.process.matchPaths[0].path`. Absent: anywhere. */
  readonly path?: string;
  /** Part of what was expected. */
  readonly expected: string;
  /** Part of what was there instead. */
  readonly got: string;
  /** How many policies of the file are good all the same. */
  readonly policies: number;
}

/** Reads `index.yaml` of a directory of malformed policies, and the files that it names. */
export function loadMalformed(dir: string): MalformedPolicy[] {
  const name = 'index.yaml';
  return Cursor.open(readText(join(dir, name)), name)
    .items()
    .map((cursor) => readEntry(cursor, dir));
}

function readEntry(cursor: Cursor, dir: string): MalformedPolicy {
  const fields = cursor.fields(['file', 'line', 'path', 'expected', 'got', 'policies']);
  const file = fields.required('file').text();
  const line = fields.optional('line')?.integer();
  const path = fields.optional('path')?.text();
  return {
    file,
    text: readText(join(dir, file)),
    ...(line === undefined ? {} : { line }),
    ...(path === undefined ? {} : { path }),
    expected: fields.required('expected').text(),
    got: fields.required('got').text(),
    policies: fields.integer('policies', 0),
  };
}
