import { describe, expect, it } from 'vitest';
import { Silence } from './silence.js';

describe('Silence', () => {
  it('grows while the heartbeat stands still, and starts over when it moves', () => {
    const silence = new Silence({ maxStepMs: 150, nowMs: 0 });
    expect(silence.look(1, 100)).toBe(0);
    expect(silence.look(1, 200)).toBe(100);
    expect(silence.look(1, 300)).toBe(200);
    expect(silence.look(2, 400)).toBe(0);
    expect(silence.look(2, 500)).toBe(100);
  });

  it('does not count time in which nobody was looking', () => {
    const silence = new Silence({ maxStepMs: 150, nowMs: 0 });
    silence.look(1, 100);
    expect(silence.look(1, 60_100)).toBe(150);
  });
});
