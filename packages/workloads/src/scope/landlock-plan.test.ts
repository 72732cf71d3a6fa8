import { describe, expect, it } from 'vitest';
import { landlockGaps, WRITE_RIGHTS } from './landlock-plan.js';

describe('landlockGaps', () => {
  it('names what each version lacks', () => {
    expect(landlockGaps(1)).toHaveLength(2);
    expect(landlockGaps(2)).toEqual([expect.stringContaining('truncated')]);
    expect(landlockGaps(3)).toEqual([]);
  });
});

describe('WRITE_RIGHTS', () => {
  it('leaves executing, reading and device control alone', () => {
    expect(WRITE_RIGHTS & (0x1 | 0x4 | 0x8 | 0x8000)).toBe(0);
  });
});
