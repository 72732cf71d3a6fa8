import { describe, expect, it } from 'vitest';
import { entries } from './agent/ledger.ts';
import { remains } from './traces/traces.ts';
import { until } from './until.ts';

describe('after all other tests', () => {
  it('nothing of theirs is left', async () => {
    // A process that was killed may take a moment to be gone.
    await until(() => (remains().length === 0 ? true : undefined), { timeoutMs: 5_000, everyMs: 100 });
    expect(remains()).toEqual([]);
    expect(entries().filter(({ owner }) => owner === process.pid)).toEqual([]);
  });
});
