import { describe, expect, it } from 'vitest';
import { createSystemClock } from './clock.js';
import { FakeClock } from './fake-clock.js';

describe('createSystemClock', () => {
  it('stays within a millisecond of the wall clock', () => {
    const clock = createSystemClock();
    for (let i = 0; i < 1_000; i += 1) {
      const before = BigInt(Date.now()) * 1_000_000n;
      const wallNs = clock.wallNs();
      const after = BigInt(Date.now() + 1) * 1_000_000n;
      expect(wallNs >= before && wallNs <= after).toBe(true);
    }
  });

  it('measures forward', () => {
    const clock = createSystemClock();
    const first = clock.nowMs();
    expect(clock.nowMs()).toBeGreaterThanOrEqual(first);
  });
});

describe('FakeClock', () => {
  it('moves both times together', () => {
    const clock = new FakeClock(5n);
    clock.advance(2);
    expect([clock.nowMs(), clock.wallNs()]).toEqual([2, 2_000_005n]);
  });
});
