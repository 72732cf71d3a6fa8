import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { wrongWithControl, wrongWithGuarded, type AttemptRun } from './bypass/attempt-run.ts';
import type { Attempt } from './bypass/attempt.ts';
import { missingParts } from './bypass/bypass-image.ts';
import { bypassPlaces } from './bypass/bypass-places.ts';
import { loadAttempts } from './bypass/load-attempts.ts';
import { missingNeeds } from './bypass/missing-needs.ts';
import { reachTable } from './bypass/reach-table.ts';
import { runAttempts } from './bypass/run-attempts.ts';

const groups = loadAttempts(bypassPlaces.attempts);
const RUN_TIMEOUT_MS = 600_000;
const MIN_ATTEMPTS = 45;

describe('attempts to get around the guard', () => {
  let runs: ReadonlyMap<Attempt, AttemptRun> | undefined;

  beforeAll(async () => {
    expect(missingParts()).toEqual([]);
    runs = await runAttempts(groups, { lanes: 2, progress: say });
  }, RUN_TIMEOUT_MS);

  for (const { file, policyName, attempts } of groups) {
    describe(`${file}: ${policyName}`, () => {
      for (const attempt of attempts) {
        const missing = missingNeeds(attempt.needs);
        if (missing.length > 0) it.skip(`${attempt.name}: this machine has no ${missing.join(', ')}`);
        else
          describe(`${attempt.name}: ${attempt.about}`, () => {
            it('works without the policy', () => {
              expect(wrongWithControl(attempt, runOf(runs, attempt))).toBe('');
            });

            it(attempt.reach === 'inside' ? 'is stopped' : 'works with it, being outside', () => {
              expect(wrongWithGuarded(attempt, policyName, runOf(runs, attempt))).toBe('');
            });
          });
      }
    });
  }

  it('are many', () => {
    expect(groups.flatMap(({ attempts }) => attempts).length).toBeGreaterThanOrEqual(MIN_ATTEMPTS);
  });

  it('are documented: node e2e/bypass/write-reach.ts writes the page anew', () => {
    expect(readFileSync(bypassPlaces.reach, 'utf8')).toBe(reachTable(groups));
  });
});

function runOf(runs: ReadonlyMap<Attempt, AttemptRun> | undefined, attempt: Attempt): AttemptRun {
  const run = runs?.get(attempt);
  if (run === undefined) throw new Error(`attempt ${attempt.name}: expected it to have been run`);
  return run;
}

function say(text: string): void {
  process.stderr.write(`bypass: ${text}\n`);
}
