import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

const names = ['defaultFilePosture', 'visibility', 'gRPC', 'host'];

describe('nearestName', () => {
  for (const [text, nearest] of [
    ['defaultFilesPosture', 'defaultFilePosture'],
    ['visiblity', 'visibility'],
    ['GRCP', undefined],
    ['hosts', 'host'],
    ['somethingElse', undefined],
    ['', undefined],
  ] as const) {
    it(`takes "${text}" for ${nearest ?? 'nothing'}`, () => {
      expect(nearestName(text, names)).toBe(nearest);
    });
  }
});
