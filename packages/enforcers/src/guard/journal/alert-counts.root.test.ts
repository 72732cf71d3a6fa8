import { BpfMap } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { AlertCounts } from './alert-counts.js';
import { SIZES } from '../layout.js';

const BPF_F_MMAPABLE = 1024;

describe('AlertCounts', () => {
  it('are the same to everyone who maps them, and count what a predecessor held as lost', () => {
    using map = BpfMap.create({
      type: 'array',
      keySize: 4,
      valueSize: SIZES.guard_alert_counts,
      maxEntries: 1,
      flags: BPF_F_MMAPABLE,
    });
    const [one, other] = [AlertCounts.open(map), AlertCounts.open(map)];
    one.raise();
    other.raise();
    other.lose();
    one.hold(3);
    one.hold(2);
    expect(other.counts).toEqual({ alerts: 2, alertsDropped: 1 });
    other.succeed();
    other.succeed();
    expect(one.counts).toEqual({ alerts: 4, alertsDropped: 3 });
  });
});
