import { describe, expect, it } from 'vitest';
import { ExecHash } from './exec-hash.js';
import { sipHash } from './sip-hash.js';

const key = { first: 1n, second: 2n };
const hash = new ExecHash(key);
const after = (before: bigint, text: string): bigint =>
  sipHash({ ...key, first: key.first ^ before }, Buffer.from(text, 'latin1'));

describe('ExecHash', () => {
  it('goes through the names of a path from the last one up', () => {
    expect(hash.path('/usr/bin/sleep')).toBe(after(after(after(0n, 'sleep'), 'bin'), 'usr'));
    expect(hash.path('/')).toBe(0n);
  });

  it('takes no more names than the kernel programs do', () => {
    const deep = (names: number): string =>
      `/${Array.from({ length: names }, (_, index) => `d${index}`).join('/')}`;
    expect(hash.path(`/x${deep(64)}`)).toBe(hash.path(deep(64)));
    expect(hash.path(`/x${deep(63)}`)).not.toBe(hash.path(deep(63)));
  });

  it('goes through arguments in pieces', () => {
    const block = Buffer.alloc(300, 'x');
    expect(hash.arguments(block)).toBe(after(after(0n, 'x'.repeat(256)), 'x'.repeat(44)));
    expect(hash.arguments(Buffer.alloc(12_289))).toBe(0n);
  });

  it('takes as much of a file name as the kernel programs do', () => {
    expect(hash.fileName('y'.repeat(300))).toBe(after(0n, 'y'.repeat(255)));
    expect(hash.fileName('/bin/\xff')).toBe(after(0n, '/bin/\xff'));
  });
});
