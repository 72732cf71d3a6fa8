import { Counters } from '@kubearmor/service';
import { DropLedger } from '@kubearmor/telemetry';
import { describe, expect, it } from 'vitest';
import { GuardLosses } from './guard-losses.js';

describe('GuardLosses', () => {
  it('tells what is new, also of an answerer that counts from the beginning', () => {
    const drops = new DropLedger();
    const losses = new GuardLosses({ drops, counters: new Counters() });
    losses.take({ eventsLost: 0, alertsDropped: 0 });
    expect(drops.all()).toEqual([]);
    losses.take({ eventsLost: 5, alertsDropped: 2 });
    losses.take({ eventsLost: 7, alertsDropped: 1 });
    losses.take({ silentMs: 3 });
    expect(drops.all()).toEqual([
      { stream: 'alerts', cause: 'guard-ring-full', workload: '', count: 7 },
      { stream: 'alerts', cause: 'not-kept', workload: '', count: 3 },
    ]);
  });
});
