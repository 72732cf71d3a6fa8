import { unlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MonitorError } from '../errors.js';
import { canWatch, OBJECTS } from '../testing/watched-run.js';
import { EVERYTHING, NOTHING } from '../visibility.js';
import { MonitorPrograms } from './monitor-programs.js';

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof MonitorError ? error.code : String(error);
  }
}

describe('MonitorPrograms', () => {
  it('says where it expected the programs', () => {
    expect(codeOf(() => MonitorPrograms.load({ objects: '/nowhere' }))).toBe('MONITOR_UNAVAILABLE');
  });
});

describe.skipIf(!canWatch)('MonitorPrograms on this kernel (root)', () => {
  it('has a ring of the next size there is', () => {
    using programs = MonitorPrograms.load({ objects: OBJECTS, ringBytes: 70_000 });
    expect(programs.ringBytes).toBe(131_072);
  });

  it('has room for a known number of workloads, and gets it back', () => {
    using programs = MonitorPrograms.load({ objects: OBJECTS });
    const most = 16_384;
    for (let workload = 1; workload <= most; workload++) programs.watch(workload, EVERYTHING);
    const watchOneMore = (): void => {
      programs.watch(most + 1, EVERYTHING);
    };
    expect(codeOf(watchOneMore)).toBe('WORKLOADS_EXHAUSTED');
    programs.forget(1);
    expect(codeOf(watchOneMore)).toBe('none');
    programs.watch(2, NOTHING);
    expect(programs.tally()).toEqual({ events: 0, ringFull: 0, busy: 0 });
  });

  it('takes the labels of who keeps them', () => {
    const pin = `/sys/fs/bpf/kubearmor-monitor-test-${process.pid}`;
    using keeper = MonitorPrograms.load({ objects: OBJECTS });
    keeper.labels.pin(pin);
    try {
      using programs = MonitorPrograms.load({ objects: OBJECTS, labelsPin: pin });
      expect(programs.labels.id).toBe(keeper.labels.id);
    } finally {
      unlinkSync(pin);
    }
  });

  it('may be closed twice', () => {
    const programs = MonitorPrograms.load({ objects: OBJECTS });
    programs.attach();
    programs.close();
    programs.close();
  });
});
