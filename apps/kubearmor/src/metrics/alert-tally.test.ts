import type { Alert } from '@kubearmor/telemetry';
import { describe, expect, it } from 'vitest';
import { AlertTally } from './alert-tally.js';

const ALERT: Alert = {
  Timestamp: 0,
  UpdatedTime: '',
  Type: 'MatchedPolicy',
  Operation: 'File',
  PPID: 0,
  UID: 0,
};

describe('AlertTally', () => {
  it('counts by the value of each field', () => {
    const tally = new AlertTally();
    tally.write({ ...ALERT, PolicyName: 'a', Action: 'Block' });
    tally.write({ ...ALERT, PolicyName: 'b', Action: 'Block' });
    const counts = tally.all();
    expect(counts).toContainEqual({ field: 'PolicyName', value: 'a', count: 1 });
    expect(counts).toContainEqual({ field: 'Action', value: 'Block', count: 2 });
    expect(counts).toContainEqual({ field: 'PodName', value: '', count: 2 });
  });

  it('does not grow without end', () => {
    const tally = new AlertTally();
    for (let index = 0; index < 3000; index++) tally.write({ ...ALERT, PolicyName: `p${index}` });
    const policies = tally.all().filter(({ field }) => field === 'PolicyName');
    expect(policies).toHaveLength(1001);
    expect(policies).toContainEqual({ field: 'PolicyName', value: 'others', count: 2000 });
  });
});
