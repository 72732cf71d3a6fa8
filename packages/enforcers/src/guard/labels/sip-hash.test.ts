import { describe, expect, it } from 'vitest';
import { sipHash } from './sip-hash.js';

// Key and values of the reference implementation's own test: the bytes 0, 1, 2 … under the key of bytes 0 to 15.
const KEY = { first: 0x0706050403020100n, second: 0x0f0e0d0c0b0a0908n };

describe('sipHash', () => {
  for (const [length, hash] of [
    [0, 0x726fdb47dd0e0e31n],
    [1, 0x74f839c593dc67fdn],
    [8, 0x93f5f5799a932462n],
    [15, 0xa129ca6149be45e5n],
  ] as const) {
    it(`has the reference value for ${length} bytes`, () => {
      expect(
        sipHash(
          KEY,
          Uint8Array.from({ length }, (_, index) => index),
        ),
      ).toBe(hash);
    });
  }

  it('depends on the key', () => {
    const bytes = Buffer.from('a');
    expect(sipHash({ ...KEY, first: 1n }, bytes)).not.toBe(sipHash(KEY, bytes));
  });
});
