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

  it('believes no comparison in the middle of which the thread was held up', () => {
    const delaysNs = [0n, 0n, 5_000_000n, 0n, 0n, 0n];
    let monotonicNs = 1_000_000_000n;
    const clock = new FakeClock();
    const time = new KernelTime(
      { nowMs: () => clock.nowMs(), wallNs: () => 7_000_000_000n + monotonicNs },
      () => (monotonicNs += delaysNs.shift() ?? 0n),
    );
    time.refresh();
    expect(time.wallUs(1_000_000_000)).toBe(8_000_000);
    clock.advance(1000);
    time.refresh();
    expect(time.wallUs(1_000_000_000)).toBe(8_000_000);
  });

  it('does not go back because its first comparison was held up each time that it was tried', () => {
    let [monotonicNs, heldUpNs, roundedNs] = [1_000_000_000n, 2_000_000n, 0n];
    const clock = new FakeClock();
    const wallNs = (): bigint => 7_000_000_000n + (monotonicNs += heldUpNs) - roundedNs;
    const time = new KernelTime({ nowMs: () => clock.nowMs(), wallNs }, () => monotonicNs);
    time.refresh();
    const before = time.wallUs(1_000_000_000);
    [heldUpNs, roundedNs] = [0n, 900_000n];
    clock.advance(1000);
    time.refresh();
    expect(time.wallUs(1_000_000_000)).toBeGreaterThanOrEqual(before);
  });
});
