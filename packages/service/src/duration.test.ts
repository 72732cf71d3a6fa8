import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.js';

describe('parseDuration', () => {
  for (const [text, milliseconds] of [
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1m500ms', 60_500],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseDuration(text)).toBe(milliseconds);
    });
  }

  for (const text of ['', '5', 's', '-5s', '1.5s', '5 s', '5d', '5s!']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parseDuration(text)).toBeUndefined();
    });
  }
});
