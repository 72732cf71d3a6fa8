import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TestkitError } from '../errors.js';
import type { CorpusGroup } from './corpus-group.js';
import { Cursor } from './cursor.js';
import { readGroup } from './read-group.js';

/** Reads every `*.yaml` in `dir`: the groups of the verdict corpus, in the order of their files. */
export function loadCorpus(dir: string): CorpusGroup[] {
  const groups = yamlFiles(dir).flatMap((file) => parseCorpus(readText(join(dir, file)), file));
  const byName = new Map<string, CorpusGroup>();
  for (const group of groups) {
    const other = byName.get(group.name);
    if (other !== undefined) throw twice(group, other);
    byName.set(group.name, group);
  }
  return groups;
}

/** How {@link parseCorpus} reads. */
export interface ParseCorpusOptions {
  /** The namespace of what names none. By default `default`. */
  readonly defaultNamespace?: string;
}

/** Reads the text of one file of the corpus. */
export function parseCorpus(text: string, file: string, options: ParseCorpusOptions = {}): CorpusGroup[] {
  const { defaultNamespace = 'default' } = options;
  return Cursor.open(text, file)
    .items()
    .map((item) => readGroup(item, defaultNamespace));
}

/** Names of the YAML files in a directory, sorted. */
export function yamlFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.yaml'))
      .sort();
  } catch (cause) {
    throw new TestkitError('CORPUS_UNREADABLE', `${dir}: expected a directory of YAML files`, { cause });
  }
}

/** The text of a file. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TestkitError('CORPUS_UNREADABLE', `${path}: expected a readable file`, { cause });
  }
}

function twice(group: CorpusGroup, other: CorpusGroup): TestkitError {
  const where = `${group.file}:${group.line}`;
  const before = `${other.file}:${other.line}`;
  return new TestkitError('CORPUS_INVALID', `${where}: expected a new group name, got ${group.name} as in ${before}`);
}
