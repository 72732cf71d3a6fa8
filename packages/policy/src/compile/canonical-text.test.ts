import { describe, expect, it } from 'vitest';
import { canonicalText } from './canonical-text.js';

describe('canonicalText', () => {
  it('does not depend on the order of fields', () => {
    expect(canonicalText({ b: [1, null, { d: 'x', c: true }], a: 'y' })).toBe(
      canonicalText({ a: 'y', b: [1, null, { c: true, d: 'x' }] }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(canonicalText({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});
