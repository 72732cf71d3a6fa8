import { describe, expect, it } from 'vitest';
import { exitStatus } from './exit-status.js';

describe('exitStatus', () => {
  for (const [code, signal, status] of [
    [0, null, 0],
    [7, null, 7],
    [null, 'SIGKILL', 137],
    [null, 'SIGTERM', 143],
    [null, 'SIGINT', 130],
    // A real-time signal, for which Node has no name.
    [null, null, 128],
  ] as const) {
    it(`is ${status} for code ${code ?? 'none'} and signal ${signal ?? 'none'}`, () => {
      expect(exitStatus(code, signal)).toBe(status);
    });
  }
});
