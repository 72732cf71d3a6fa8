import { describe, expect, it } from 'vitest';
import { AlertTally } from './alert-tally.js';

describe('AlertTally', () => {
  it('counts by the value of each field', () => {
    const tally = new AlertTally();
    tally.write({ PolicyName: 'a', Action: 'Block', PPID: 0, UID: 0 });
    tally.write({ PolicyName: 'b', Action: 'Block', PPID: 0, UID: 0 });
    const counts = tally.all();
    expect(counts).toContainEqual({ field: 'PolicyName', value: 'a', count: 1 });
    expect(counts).toContainEqual({ field: 'Action', value: 'Block', count: 2 });
    expect(counts).toContainEqual({ field: 'PodName', value: '', count: 2 });
  });

  it('does not grow without end', () => {
    const tally = new AlertTally();
    for (let index = 0; index < 3000; index++) tally.write({ PolicyName: `p${index}`, PPID: 0, UID: 0 });
    const policies = tally.all().filter(({ field }) => field === 'PolicyName');
    expect(policies).toHaveLength(1001);
    expect(policies).toContainEqual({ field: 'PolicyName', value: 'others', count: 2000 });
  });
});
