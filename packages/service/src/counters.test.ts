import { describe, expect, it } from 'vitest';
import { Counters } from './counters.js';

describe('Counters', () => {
  it('counts by name and labels, whatever the order of the labels', () => {
    const counters = new Counters();
    counters.counter('dropped', { sink: 'file', cause: 'full' }).add();
    counters.counter('dropped', { cause: 'full', sink: 'file' }).add(2);
    counters.counter('dropped').add();
    expect(counters.snapshot()).toEqual([
      { name: 'dropped', labels: { sink: 'file', cause: 'full' }, value: 3 },
      { name: 'dropped', labels: {}, value: 1 },
    ]);
  });

  it('sums counters of several names up', () => {
    const counters = new Counters();
    counters.counter('sent', { stream: 'logs' }).add(2);
    counters.counter('sent', { stream: 'alerts' }).add(3);
    counters.counter('raised').add(4);
    counters.counter('dropped').add(5);
    expect(counters.sum(['sent', 'raised'])).toBe(9);
  });

  it('keeps a bounded number of counters', () => {
    const counters = new Counters({ maxCounters: 1 });
    for (const pod of ['a', 'b', 'c']) counters.counter('events', { pod }).add();
    expect(counters.snapshot()).toEqual([
      { name: 'events', labels: { pod: 'a' }, value: 1 },
      { name: 'events', labels: { overflow: 'true' }, value: 2 },
    ]);
  });
});
