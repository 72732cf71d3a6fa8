import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from './load.ts';

/** Files of the image that scopes of these tests have, by what the policies of the tests say of them. */
export const files = {
  storm: '/bin/storm',
  allowedProgram: '/bin/allowed',
  deniedProgram: '/bin/denied',
  /** Nothing is said of it. */
  untouched: '/data/untouched',
  /** Reading it is allowed by a rule that must be asked. */
  allowed: '/data/allowed',
  /** Another program must not read it. */
  sourced: '/data/sourced',
  denied: '/data/denied',
  first: '/data/first',
  second: '/data/second',
  /** Names of files that nothing is said of. */
  many: '/many/',
} as const;

/** Makes the root of a scope: a few static programs and files. */
export function createImage(directory: string, manyFiles = 0): void {
  for (const name of ['bin', 'data', 'proc', 'dev', 'many'])
    mkdirSync(join(directory, name), { recursive: true });
  copyFileSync(load.storm, join(directory, files.storm));
  for (const path of [files.allowedProgram, files.deniedProgram])
    copyFileSync(load.nothing, join(directory, path));
  for (const path of [files.storm, files.allowedProgram, files.deniedProgram])
    chmodSync(join(directory, path), 0o755);
  for (const path of [
    files.untouched,
    files.allowed,
    files.sourced,
    files.denied,
    files.first,
    files.second,
  ]) {
    writeFileSync(join(directory, path), 'x');
  }
  for (let index = 0; index < manyFiles; index++)
    writeFileSync(join(directory, `${files.many}${index}`), 'x');
}
