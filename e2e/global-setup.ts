import { rmSync } from 'node:fs';
import { abandoned, entries, strike } from './agent/ledger.ts';
import { release } from './agent/release.ts';
import { E2eError } from './errors.ts';
import { missingPlaces, places } from './places.ts';
import { beginRun, endRun } from './traces/traces.ts';

/** Before the first test: root, what is to be tested, and nothing left of a run that was broken off. */
export function setup(): void {
  const uid = process.getuid?.();
  if (uid !== 0) throw new E2eError('E2E_NOT_READY', `expected to run as root, runs as uid ${uid ?? 'unknown'}`);
  const [missing] = missingPlaces();
  if (missing !== undefined) throw new E2eError('E2E_NOT_READY', `expected ${missing}, found none: run make build first`);
  releaseAbandoned();
  beginRun();
}

/** After the last test: what a test process that ended too early has left. */
export function teardown(): void {
  releaseAbandoned();
  endRun();
}

function releaseAbandoned(): void {
  for (const entry of abandoned()) {
    release(entry);
    strike(entry.name);
  }
  if (entries().length === 0) rmSync(places.ledger, { recursive: true, force: true });
}
