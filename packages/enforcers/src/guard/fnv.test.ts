import { describe, expect, it } from 'vitest';
import { fnv1a } from './fnv.js';
import { namesHash } from './names-hash.js';

describe('fnv1a', () => {
  // Values of the reference implementation (isthe.com/chongo/tech/comp/fnv).
  for (const [text, hash] of [
    ['', 0xcbf29ce484222325n],
    ['a', 0xaf63dc4c8601ec8cn],
    ['foobar', 0x85944171f73967e8n],
  ] as const) {
    it(`hashes "${text}"`, () => {
      expect(fnv1a(Buffer.from(text))).toBe(hash);
    });
  }
});

describe('namesHash', () => {
  it('goes from the last name up', () => {
    expect(namesHash('/usr/bin/sleep')).toBe(fnv1a(Buffer.from('sleep/bin/usr/')));
  });

  it('looks at the 64 names nearest to the file', () => {
    const deep = Array.from({ length: 70 }, (_, index) => `d${index}`);
    const tail = deep.slice(-64).reverse();
    expect(namesHash(`/${deep.join('/')}`)).toBe(fnv1a(Buffer.from(`${tail.join('/')}/`)));
  });
});
