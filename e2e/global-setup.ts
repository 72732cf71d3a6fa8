import { rmSync } from 'node:fs';
import { entries } from './agent/ledger.ts';
import { E2eError } from './errors.ts';
import { hireJanitor, releaseAbandoned } from './janitor.ts';
import { missingPlaces, places } from './places.ts';
import { beginRun, endRun } from './traces/traces.ts';

/** Before the first test: root, what is to be tested, and nothing left of a run that was broken off. Gives what ends a run. */
export function setup(): () => void {
  const uid = process.getuid?.();
  if (uid !== 0)
    throw new E2eError('E2E_NOT_READY', `expected to run as root, runs as uid ${uid ?? 'unknown'}`);
  const [missing] = missingPlaces();
  if (missing !== undefined)
    throw new E2eError('E2E_NOT_READY', `expected ${missing}, found none: run make build first`);
  releaseAbandoned();
  const callOff = hireJanitor();
  beginRun();
  return () => {
    releaseAbandoned();
    endRun();
    if (entries().length === 0) rmSync(places.ledger, { recursive: true, force: true });
    callOff();
  };
}
