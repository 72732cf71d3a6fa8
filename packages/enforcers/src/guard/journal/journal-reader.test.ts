import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertJournal } from './alert-journal.js';
import { JournalReader } from './journal-reader.js';
import { segmentName } from './journal-segment.js';
import { identify } from '../process-identity.js';
import { alertOf } from '../testing/alert-of.js';
import { CountedAlerts } from '../testing/counted-alerts.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubearmor-journal-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const GONE = { pid: 2_147_483_647, startTime: '1', thread: 0 };

function newJournal(segmentBytes?: number): AlertJournal {
  let nowMs = 1_000_000;
  const options = segmentBytes === undefined ? {} : { segmentBytes };
  const { counts } = new CountedAlerts();
  return new AlertJournal({ counts, nowMs: () => ++nowMs }, { directory, ...options });
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
    const journal = newJournal(600);
    const workloads = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const workload of workloads) journal.put(alertOf(workload));
    expect(readdirSync(directory).length).toBeGreaterThan(3);
    expect(await read(20)).toEqual(workloads);
    // What the writer may still add to stays.
    expect(readdirSync(directory).filter((name) => name.endsWith('.alerts')).length).toBeLessThanOrEqual(1);
  });

  it('gives to the next reader what was not dealt with, and only that', async () => {
    const journal = newJournal();
    for (let workload = 1; workload <= 8; workload++) journal.put(alertOf(workload));
    const first = await read(1, true);
    const second = await read(8);
    expect(second).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(first.length).toBeGreaterThan(0);
    journal.put(alertOf(9));
    expect(await read(1)).toEqual([9]);
  });

  it('waits for the rest of a line, and gives one up whose writer is gone', async () => {
    const name = join(directory, segmentName({ number: 1, writer: GONE }));
    writeFileSync(name, `${JSON.stringify(alertOf(1))}\n{"workload":2,"ti`);
    const journal = newJournal();
    journal.put(alertOf(3));
    expect(await read(2)).toEqual([1, 3]);
    expect(readdirSync(directory)).not.toContain(segmentName({ number: 1, writer: GONE }));
  });

  it('reads on what one thread writes while another one of its process begins segments', async () => {
    const writer = { ...(identify(process.pid) ?? GONE), thread: 1 };
    const name = join(directory, segmentName({ number: 1, writer }));
    writeFileSync(name, `${JSON.stringify(alertOf(1))}\n`);
    const later = segmentName({ number: 2, writer: { ...writer, thread: 2 } });
    writeFileSync(join(directory, later), `${JSON.stringify(alertOf(2))}\n`);
    expect(await read(2)).toEqual([1, 2]);
    appendFileSync(name, `${JSON.stringify(alertOf(3))}\n`);
    expect(await read(1)).toEqual([3]);
  });

  it('reads a line that is longer than what it reads at once, and what follows it', async () => {
    const name = join(directory, segmentName({ number: 1, writer: GONE }));
    const long = { ...alertOf(1), timeNs: '1'.repeat(5000) };
    writeFileSync(name, `${JSON.stringify(long)}\n${JSON.stringify(alertOf(2))}\n`);
    expect(await read(2)).toEqual([1, 2]);
  });

  it('steps over what is no alert', async () => {
    const name = join(directory, segmentName({ number: 1, writer: GONE }));
    writeFileSync(name, 'nonsense\n{}\n');
    appendFileSync(name, `${JSON.stringify(alertOf(1))}\n`);
    expect(await read(1)).toEqual([1]);
  });
});
