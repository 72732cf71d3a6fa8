import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { tallyOf, type Tally } from './tally.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = `${ROOT}node_modules/vitest/vitest.mjs`;

/** Runs vitest with its output on ours, and counts. */
export async function runSuite(name: string, flags: readonly string[]): Promise<Tally> {
  const file = `${ROOT}build/test/${name}.json`;
  mkdirSync(`${ROOT}build/test`, { recursive: true });
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const exitCode = await run([VITEST, 'run', ...reporters, ...flags]);
  return tallyOf({ exitCode, report: existsSync(file) ? readFileSync(file, 'utf8') : undefined });
}

async function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  // Whoever ends us ends the tests first, so that they clean up; then their result is ours.
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      for (const each of signals) process.off(each, forward);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
