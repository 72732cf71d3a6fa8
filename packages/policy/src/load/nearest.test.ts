import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.js';

describe('nearest', () => {
  it.each([
    ['pth', 'path'],
    ['MATCHPATH', 'matchPaths'],
    ['', 'path'],
    ['x'.repeat(1_000_000), 'matchPaths'],
  ])('finds what %.10s may have meant', (written, expected) => {
    expect(nearest(written, ['matchPaths', 'path', 'matchDirectories'])).toBe(expected);
  });

  it('has nothing to offer where nothing is known', () => {
    expect(nearest('x', [])).toBe('');
  });
});
