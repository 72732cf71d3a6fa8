import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.js';

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, chunkBytes) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const splitter = new LineSplitter(10_000);
        const seen: string[] = [];
        for (let at = 0; at < bytes.length; at += chunkBytes) {
          seen.push(...splitter.push(bytes.subarray(at, at + chunkBytes)));
        }
        expect(seen).toEqual(lines);
      }),
    );
  });

  it('takes a line of exactly the limit and refuses a longer one before it ends', () => {
    const splitter = new LineSplitter(3);
    expect(splitter.push(Buffer.from('abc\n'))).toEqual(['abc']);
    splitter.push(Buffer.from('ab'));
    expect(() => splitter.push(Buffer.from('cd'))).toThrow(
      expect.objectContaining({ code: 'SOCKET_LINE_TOO_LONG' }),
    );
  });
});
