import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { patience } from '../patience.ts';
import { places } from '../places.ts';
import type { LedgerEntry } from './ledger.ts';

/** Ends the guard of an agent that has ended, and removes what it kept. */
export function release({ directory, pins }: Pick<LedgerEntry, 'directory' | 'pins'>): void {
  const flags = ['release', '--run-dir', join(directory, 'run'), '--pins', pins];
  spawnSync(process.execPath, [places.kubearmor, ...flags], { stdio: 'ignore', timeout: 20_000 * patience });
  rmSync(directory, { recursive: true, force: true });
}
