import { FakeClock } from '@kubearmor/service';
import { describe, expect, it } from 'vitest';
import { KernelTime } from './kernel-time.js';

describe('KernelTime', () => {
  it('tells the wall-clock time of a moment, and follows the wall clock once a second', () => {
    let wallNs = 1_000_000_000_000_000n;
    const clock = new FakeClock();
    const time = new KernelTime({ nowMs: () => clock.nowMs(), wallNs: () => wallNs }, () => 5_000_000n);
    time.refresh();
    expect(time.wallUs(6_000_999)).toBe(1_000_000_001_000);
    wallNs += 3_000_000n;
    time.refresh();
    expect(time.wallUs(5_000_000)).toBe(1_000_000_000_000);
    clock.advance(1000);
    time.refresh();
    expect(time.wallUs(5_000_000)).toBe(1_000_000_003_000);
  });
});
