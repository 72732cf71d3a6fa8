import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCorpus, type CorpusCase, type CorpusGroup } from '@kubearmor/testkit';
import { batchesOf } from './corpus/batch.ts';
import { disagreements } from './corpus/disagreements.ts';
import { runCorpus, type CorpusRun } from './corpus/run-corpus.ts';
import { skipReason } from './corpus/skip-reason.ts';
import { summarize } from './corpus/summary.ts';
import { places } from './places.ts';

const groups = loadCorpus(places.corpus);
const MIN_SHARE = 0.6;
const RUN_TIMEOUT_MS = 900_000;

describe('the verdict corpus on the guard', () => {
  let run: CorpusRun | undefined;

  beforeAll(async () => {
    run = await runCorpus(batchesOf(groups), { lanes: 2, progress: say });
  }, RUN_TIMEOUT_MS);

  afterAll(() => {
    say(summarize(groups));
  });

  for (const group of groups) {
    describe(`${group.file}:${group.line} ${group.name}`, () => {
      for (const one of group.cases) {
        const name = `line ${one.line} ${one.name}`;
        const reason = skipReason(group, one);
        if (reason === undefined)
          it(name, () => {
            expect(report(run, group, one)).toBe('');
          });
        else it.skip(`${name}: ${reason}`);
      }
    });
  }

  it('raises no alert that belongs to no case', () => {
    expect(run?.stray).toEqual([]);
  });

  it('is run for the most part', () => {
    const all = groups.flatMap(({ cases }) => cases).length;
    const ran = batchesOf(groups).flatMap(({ cases }) => cases).length;
    expect(ran / all).toBeGreaterThanOrEqual(MIN_SHARE);
  });
});

/** Empty where the result is what the corpus expects. */
function report(run: CorpusRun | undefined, group: CorpusGroup, one: CorpusCase): string {
  const result = run?.results.get(one);
  const found =
    result === undefined ? [`no result: ${String(run?.failures.get(one))}`] : disagreements(one, result);
  if (found.length === 0) return '';
  const facts = [
    `group ${group.name} (${group.about})`,
    `case ${one.name}`,
    `operation ${JSON.stringify(one.operation)}`,
  ];
  return [...facts, `subject ${JSON.stringify(one.subject)}`, group.policies, ...found].join('\n');
}

function say(text: string): void {
  process.stdout.write(`corpus on the guard: ${text}\n`);
}
