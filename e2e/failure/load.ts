import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { E2eError } from '../errors.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = `${root}build/bench`;

/** The programs of bench/load. */
export const load = {
  storm: `${directory}/storm`,
  enclose: `${directory}/enclose`,
  nothing: `${directory}/nothing`,
} as const;

/** Compiles them unless that is done. */
export function buildLoad(): void {
  const made = spawnSync('make', ['-s', '-C', `${root}bench/load`, `OUT=${directory}`], { encoding: 'utf8' });
  if (made.status !== 0)
    throw new E2eError('E2E_NOT_READY', `bench/load: expected it to compile, got ${made.stderr}`);
}
