import { describe, expect, it } from 'vitest';
import type { WorkloadStatus } from '../agent/agent-status.js';
import { readiness } from './readiness.js';
import { snapshotOf } from './testing/snapshot-of.js';

const workload: WorkloadStatus = {
  id: 1,
  namespace: 'n',
  name: 'web',
  mode: 'enforced',
  labels: {},
  tasks: 1,
  policies: [],
  ruleSetHash: '',
  since: '',
  unwatched: [],
  problem: undefined,
  notEnforced: [],
} as const;

describe('readiness', () => {
  it('is there when the guard answers and every workload has its rules', () => {
    expect(readiness(snapshotOf({ status: { workloads: [workload] } }).status)).toEqual([]);
  });

  it('names a monitor that is not available, and none that rests', () => {
    const monitor = snapshotOf({}).status.monitor;
    const broken = { ...monitor, state: 'not available', reason: 'EPERM' } as const;
    expect(readiness(snapshotOf({ status: { monitor: broken } }).status)).toEqual([
      'monitor: not available: EPERM',
    ]);
    expect(readiness(snapshotOf({ status: { monitor } }).status)).toEqual([]);
  });

  it('names a guard that is silent, and workloads whose rules could not be applied', () => {
    const { status } = snapshotOf({
      status: { counters: { silentMs: 7 }, workloads: [{ ...workload, problem: 'no room' }] },
    });
    expect(readiness(status)).toEqual(['guard: has not answered for 7 ms', 'workload n/web: no room']);
  });
});
