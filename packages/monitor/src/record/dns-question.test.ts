import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDnsQuestion } from './dns-question.js';

const A = 1;
const AAAA = 28;

function encodeQuestion(labels: readonly Uint8Array[], type: number): Buffer {
  const name = labels.flatMap((label) => [label.length, ...label]);
  return Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, type >> 8, type & 0xff, 0, 1]);
}

function questionOf(name: string, type = A): ReturnType<typeof readDnsQuestion> {
  return readDnsQuestion(
    encodeQuestion(name === '' ? [] : name.split('.').map((label) => Buffer.from(label)), type),
  );
}

describe('readDnsQuestion', () => {
  it('reads the name and the type', () => {
    expect(questionOf('www.example.org')).toEqual({ domain: 'www.example.org', queryType: 'A' });
    expect(questionOf('example.org', AAAA)).toEqual({ domain: 'example.org', queryType: 'AAAA' });
    expect(questionOf('example.org', 15)).toEqual({ domain: 'example.org', queryType: '' });
  });

  it('reads the root, which has no name', () => {
    expect(questionOf('', 2)).toEqual({ domain: '.', queryType: '' });
  });

  it('lets no label pass for several', () => {
    const domain = readDnsQuestion(encodeQuestion([Buffer.from('a.b\\ \n'), Buffer.from('c')], A)).domain;
    expect(domain).toBe('a\\.b\\\\\\032\\010.c');
  });

  it('reads of a message that was cut short what is there', () => {
    const whole = encodeQuestion([Buffer.from('ab'), Buffer.from('cd')], A);
    expect(readDnsQuestion(whole.subarray(0, -4))).toEqual({ domain: 'ab.cd', queryType: '' });
    for (let length = 0; length < whole.length - 4; length++) {
      expect(readDnsQuestion(whole.subarray(0, length))).toEqual({ domain: '', queryType: '' });
    }
  });

  it('refuses pointers, and names that are too long', () => {
    const pointer = Buffer.concat([encodeQuestion([], A).subarray(0, 12), Buffer.from([0xc0, 12, 0, 1])]);
    expect(readDnsQuestion(pointer).domain).toBe('');
    const label = Buffer.alloc(63, 'x');
    expect(readDnsQuestion(encodeQuestion([label, label, label, label], A)).domain).toBe('');
  });

  it('answers whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => {
        const { domain, queryType } = readDnsQuestion(bytes);
        expect(domain).toMatch(/^[\x21-\x7e]*$/);
        expect(['', 'A', 'AAAA']).toContain(queryType);
      }),
    );
  });

  it('gives every name back that fits', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(A, AAAA),
        (labels, type) => {
          expect(questionOf(labels.join('.'), type)).toEqual({
            domain: labels.join('.'),
            queryType: type === A ? 'A' : 'AAAA',
          });
        },
      ),
    );
  });
});
