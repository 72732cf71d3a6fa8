import { openSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertJournal, type AlertJournalOptions } from './alert-journal.js';
import { alertSchema } from '../keeper/keeper-messages.js';
import { alertOf } from '../testing/alert-of.js';
import { CountedAlerts } from '../testing/counted-alerts.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubearmor-journal-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function journalOf(counted: CountedAlerts, options: Partial<AlertJournalOptions> = {}): AlertJournal {
  return new AlertJournal({ counts: counted.counts, nowMs: () => 1_000_000 }, { directory, ...options });
}

function workloadsIn(file: string): readonly number[] {
  const lines = readFileSync(join(directory, file), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => alertSchema.parse(JSON.parse(line)).workload);
}

describe('AlertJournal', () => {
  it('goes on in its file while there is none for the next segment: nothing is held that a death could take', () => {
    const counted = new CountedAlerts();
    const files = ['one', 'two'];
    const begin = (): number | undefined => {
      const file = files.shift();
      return file === 'one' ? openSync(join(directory, file), 'a') : undefined;
    };
    const journal = journalOf(counted, { segmentBytes: 1, begin });
    for (const workload of [1, 2, 3]) {
      journal.put(alertOf(workload));
      expect(workloadsIn('one')).toHaveLength(workload);
    }
    expect(counted).toMatchObject({ raised: 3, lost: 0 });
  });

  it('counts as lost, at once, what there is no file for', () => {
    const counted = new CountedAlerts();
    const journal = journalOf(counted, { begin: () => undefined });
    journal.put(alertOf(1));
    expect(counted).toMatchObject({ raised: 1, lost: 1 });
  });

  it('counts what there is no room for', () => {
    const counted = new CountedAlerts();
    const journal = journalOf(counted, { maxBytes: 600 });
    for (let workload = 1; workload <= 5; workload++) journal.put(alertOf(workload));
    const kept = readdirSync(directory).flatMap(workloadsIn);
    expect(counted.raised).toBe(5);
    expect(counted.lost).toBeGreaterThan(0);
    expect(kept).toHaveLength(5 - counted.lost);
  });

  it('begins segments one after the other, also when the clock stands or is set back', () => {
    const counted = new CountedAlerts();
    let nowMs = 1_000_000;
    const journal = new AlertJournal(
      { counts: counted.counts, nowMs: () => nowMs-- },
      { directory, segmentBytes: 1 },
    );
    for (const workload of [1, 2, 3]) journal.put(alertOf(workload));
    expect(readdirSync(directory).sort().flatMap(workloadsIn)).toEqual([1, 2, 3]);
  });

  it('keeps alerts longer than its memory for a line', () => {
    const counted = new CountedAlerts();
    const journal = journalOf(counted);
    const path = '/ä'.repeat(40_000);
    journal.put({ ...alertOf(1), operation: { kind: 'file', path, syscall: 'open' } });
    journal.put(alertOf(2));
    expect(readdirSync(directory).flatMap(workloadsIn)).toEqual([1, 2]);
    expect(counted.lost).toBe(0);
  });

  it('never throws', () => {
    const counted = new CountedAlerts();
    journalOf(counted, { directory: '/dev/null/nowhere' }).put(alertOf(1));
    expect(counted).toMatchObject({ raised: 1, lost: 1 });
  });

  it('counts what a full file system takes only in part, and begins a new segment', () => {
    const counted = new CountedAlerts();
    const full = openSync('/dev/full', 'a');
    const descriptors = [full, undefined];
    const journal = journalOf(counted, {
      begin: (path) => (descriptors.length > 1 ? descriptors.shift() : openSync(path, 'a')),
    });
    journal.put(alertOf(1));
    journal.put(alertOf(2));
    expect(counted).toMatchObject({ raised: 2, lost: 1 });
    expect(readdirSync(directory).flatMap(workloadsIn)).toEqual([2]);
  });
});
