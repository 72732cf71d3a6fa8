import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8, utf8Length } from './utf8.js';

describe('utf8', () => {
  it('encodes as Node does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8(text)).toEqual([...Buffer.from(text.toWellFormed())]);
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('has one to four bytes for a character', () => {
    expect(['a', 'é', '€', '😀'].map(utf8Length)).toEqual([1, 2, 3, 4]);
  });
});
