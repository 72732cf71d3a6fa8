import { describe, expect, it } from 'vitest';
import { DropLedger, ENDED, type Drop } from './drop-ledger.js';

const drop: Drop = {
  stream: 'logs',
  cause: 'ring-full',
  shares: [
    { workload: '7', messages: 3 },
    { workload: '', messages: 1 },
  ],
};

describe('DropLedger', () => {
  it('adds up by stream, cause and workload, and tells of each', () => {
    const told: Drop[] = [];
    const ledger = new DropLedger((each) => told.push(each));
    ledger.add(drop);
    ledger.add(drop);
    ledger.add({
      stream: 'alerts',
      cause: 'gone',
      client: 'pid:1',
      shares: [{ workload: '7', messages: 2 }],
    });
    expect(ledger.all()).toEqual([
      { stream: 'logs', cause: 'ring-full', workload: '7', count: 6 },
      { stream: 'logs', cause: 'ring-full', workload: '', count: 2 },
      { stream: 'alerts', cause: 'gone', workload: '7', count: 2 },
    ]);
    expect(told).toHaveLength(3);
  });

  it('keeps the sum of workloads that are gone, under one name', () => {
    const ledger = new DropLedger();
    for (const workload of ['1', '2', '3']) {
      ledger.add({ ...drop, shares: [{ workload, messages: 5 }] });
      ledger.forget(workload);
    }
    expect(ledger.all()).toEqual([{ stream: 'logs', cause: 'ring-full', workload: ENDED, count: 15 }]);
  });
});
