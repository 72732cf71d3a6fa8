import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { FORWARDED_SIGNALS, forwardSignals, isForeground } from './signal-forwarding.js';

describe('forwardSignals', () => {
  it('passes every signal on, until disposed', () => {
    const source = new EventEmitter();
    const sent: string[] = [];
    const forwarding = forwardSignals(
      source,
      (signal) => sent.push(signal),
      () => false,
    );
    for (const signal of FORWARDED_SIGNALS) source.emit(signal);
    expect(sent).toEqual([...FORWARDED_SIGNALS]);
    forwarding[Symbol.dispose]();
    for (const signal of FORWARDED_SIGNALS) expect(source.listenerCount(signal)).toBe(0);
  });

  it('leaves to the terminal what it sends to the whole foreground', () => {
    const source = new EventEmitter();
    const sent: string[] = [];
    const forwarding = forwardSignals(
      source,
      (signal) => sent.push(signal),
      () => true,
    );
    for (const signal of FORWARDED_SIGNALS) source.emit(signal);
    expect(sent).toEqual(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']);
    forwarding[Symbol.dispose]();
  });
});

describe('isForeground', () => {
  for (const [stat, expected] of [
    ['10 (node) S 1 10 9 34816 10 4194560', true],
    ['10 (node) S 1 10 9 34816 77 4194560', false],
    ['10 (node) S 1 10 9 0 -1 4194560', false],
    ['10 (a) b (c) S 1 10 9 34816 10 4194560', true],
  ] as const) {
    it(`is ${expected} for ${stat}`, () => {
      expect(isForeground(stat)).toBe(expected);
    });
  }
});
