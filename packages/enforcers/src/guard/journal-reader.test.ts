import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertJournal } from './alert-journal.js';
import type { GuardAlert } from './guard-alert.js';
import { JournalReader } from './journal-reader.js';
import { segmentName } from './journal-segment.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubearmor-journal-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const GONE = { pid: 2_147_483_647, startTime: '1' };

function alert(workload: number): GuardAlert {
  return {
    workload,
    timeNs: '1',
    isEnforced: true,
    decision: { verdict: 'pass' },
    process: {
      hostPid: 1,
      hostParentPid: 0,
      pid: 1,
      uid: 0,
      exe: '',
      parentExe: '',
      commandLine: '',
      cwd: '',
      tty: '',
    },
    operation: { kind: 'file', path: '/a', syscall: 'open' },
  };
}

function newJournal(
  options: { readonly segmentBytes?: number; readonly maxBytes?: number } = {},
): AlertJournal {
  let nowMs = 1_000_000;
  return new AlertJournal({ directory, nowMs: () => ++nowMs, ...options });
}

/** Reads until as many alerts have come, dealing with each batch but the last if `isLastLeft`. */
async function read(count: number, isLastLeft = false): Promise<readonly number[]> {
  const ended = new AbortController();
  const seen: number[] = [];
  const batches = new JournalReader({ directory, chunkBytes: 1024 }).batches(ended.signal);
  while (seen.length < count) {
    const next = await batches.next();
    if (next.done === true) break;
    seen.push(...next.value.map(({ workload }) => workload));
  }
  ended.abort();
  if (!isLastLeft) await batches.next();
  await batches.return();
  return seen;
}

describe('JournalReader', () => {
  it('gives what was put aside, in its order, over several segments', async () => {
    const journal = newJournal({ segmentBytes: 600 });
    const workloads = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const workload of workloads) journal.put(alert(workload));
    expect(readdirSync(directory).length).toBeGreaterThan(3);
    expect(await read(20)).toEqual(workloads);
    // What the writer may still add to stays.
    expect(readdirSync(directory).filter((name) => name.endsWith('.alerts')).length).toBeLessThanOrEqual(1);
  });

  it('gives to the next reader what was not dealt with, and only that', async () => {
    const journal = newJournal();
    for (let workload = 1; workload <= 8; workload++) journal.put(alert(workload));
    const first = await read(1, true);
    const second = await read(8);
    expect(second).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(first.length).toBeGreaterThan(0);
    journal.put(alert(9));
    expect(await read(1)).toEqual([9]);
  });

  it('waits for the rest of a line, and gives one up whose writer is gone', async () => {
    const name = join(directory, segmentName({ number: 1, writer: GONE }));
    writeFileSync(name, `${JSON.stringify(alert(1))}\n{"workload":2,"ti`);
    const journal = newJournal();
    journal.put(alert(3));
    expect(await read(2)).toEqual([1, 3]);
    expect(readdirSync(directory)).not.toContain(segmentName({ number: 1, writer: GONE }));
  });

  it('steps over what is no alert', async () => {
    const name = join(directory, segmentName({ number: 1, writer: GONE }));
    writeFileSync(name, 'nonsense\n{}\n');
    appendFileSync(name, `${JSON.stringify(alert(1))}\n`);
    expect(await read(1)).toEqual([1]);
  });
});

describe('AlertJournal', () => {
  it('counts what there is no room for', () => {
    const journal = newJournal({ maxBytes: 600 });
    for (let workload = 1; workload <= 5; workload++) journal.put(alert(workload));
    expect(journal.dropped).toBeGreaterThan(0);
  });

  it('never throws', () => {
    const journal = new AlertJournal({ directory: '/dev/null/nowhere', nowMs: () => 1 });
    journal.put(alert(1));
    expect(journal.dropped).toBe(1);
  });
});
