import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Cgroup, unifiedRoot } from '@kubearmor/kernel';
import { scopesCgroup } from '../../apps/kubearmor/dist/config/scopes-cgroup.js';
import { patience } from '../patience.ts';
import { places } from '../places.ts';
import type { LedgerEntry } from './ledger.ts';

const MOMENT_MS = 20;
const MOMENTS = 250;

/** Ends the guard of an agent that has ended, and removes what it kept. */
export function release({ directory, pins }: Pick<LedgerEntry, 'directory' | 'pins'>): void {
  const flags = ['release', '--run-dir', join(directory, 'run'), '--pins', pins];
  spawnSync(process.execPath, [places.kubearmor, ...flags], { stdio: 'ignore', timeout: 20_000 * patience });
  removeScopes(cgroupOf(directory));
  rmSync(directory, { recursive: true, force: true });
}

/** The cgroup of an agent's scopes. */
export function cgroupOf(directory: string): string {
  return join(unifiedRoot(), scopesCgroup(join(directory, 'run')));
}

// A test that failed may have left scopes running, which a release leaves alone.
function removeScopes(path: string): void {
  if (!existsSync(path)) return;
  const cgroup = new Cgroup(path);
  cgroup.kill();
  for (let moment = 0; cgroup.isPopulated() && moment < MOMENTS; moment++)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MOMENT_MS);
  cgroup.remove();
}
