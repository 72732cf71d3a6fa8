import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { abandoned, strike } from './agent/ledger.ts';
import { release } from './agent/release.ts';
import { until } from './until.ts';

const TIMEOUT_MS = 20_000;

/** Starts a process that outlives this one and then ends what its tests have left; gives what calls it off. */
export function hireJanitor(): () => void {
  const script = fileURLToPath(new URL('janitor-main.ts', import.meta.url));
  const janitor = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  // Nobody waits for it, and its end tells nothing.
  janitor.stdin.on('error', () => undefined);
  janitor.unref();
  return () => {
    janitor.kill();
  };
}

/** Releases every agent whose test process is gone. */
export function releaseAbandoned(): void {
  for (const entry of abandoned()) {
    release(entry);
    strike(entry.name);
  }
}

/** The janitor's work: waits for the end of the process that hired it, then for that of the test processes. */
export async function clean(): Promise<void> {
  process.stdin.resume();
  await once(process.stdin, 'end');
  // Test processes end a moment later than the one that started them.
  await until(() => (abandoned().length > 0 ? true : undefined), { timeoutMs: TIMEOUT_MS, everyMs: 200 });
  releaseAbandoned();
}
