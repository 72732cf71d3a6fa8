import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGlob } from './check-glob.js';
import { Matcher } from './matcher.js';
import { parseGlob } from './parse-glob.js';

function matches(pattern: string, text: string): boolean {
  const result = parseGlob(pattern);
  if ('fault' in result) return false;
  const { literal, rest } = result.glob;
  return text.startsWith(literal) && new Matcher(rest).matches(text, literal.length);
}

describe('parseGlob', () => {
  it.each([
    ['/usr/bin/*sh', '/usr/bin/bash', true],
    ['/usr/bin/*sh', '/usr/bin/sh', true],
    ['/usr/bin/*sh', '/usr/bin/x/sh', false],
    ['/usr/**/sh', '/usr/a/b/sh', true],
    ['/usr/**/sh', '/usr/sh', false],
    ['/a***', '/a/b', true],
    ['/a?c', '/abc', true],
    ['/a?c', '/a/c', false],
    ['/a?c', '/a😀c', true],
    ['/a[b-d]', '/ac', true],
    ['/a[b-d]', '/ae', false],
    ['/a[!b]', '/ac', true],
    ['/a[^b]', '/ab', false],
    ['/a[!b]c', '/a/c', false],
    ['/a[.-0]b', '/a/b', false],
    ['/a[.-0]b', '/a.b', true],
    ['/a[]]', '/a]', true],
    ['/a[b-]', '/a-', true],
    ['/a[\\]]', '/a]', true],
    ['/{a,b/c,}x', '/x', true],
    ['/{a,b/c,}x', '/b/cx', true],
    ['/{a,{b,c}d}', '/cd', true],
    ['/{a}', '/a', true],
    ['/a,b', '/a,b', true],
    ['/a\\*', '/a*', true],
    ['/a\\*', '/ab', false],
    ['/etc/{,**}', '/etc/x/y', true],
    ['memfd:*', 'memfd:x', true],
    ['/plain', '/plain', true],
    ['/plain', '/plainer', false],
  ])('says whether %s matches %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each([
    ['', 'not empty'],
    ['/a\0', 'without NUL'],
    ['/'.repeat(4097), 'at most 4096'],
    ['/a[', 'a ] after every ['],
    ['/a[b', 'a ] after every ['],
    ['/a[b\\', 'a ] after every ['],
    ['/a[b-', 'a ] after every ['],
    ['/a[z-a]', 'from the lower'],
    ['/a{b', 'a } after every {'],
    ['/a{b,', 'a } after every {'],
    ['/a}', 'a { before every }'],
    ['/a\\', 'after \\'],
    [`/${'{'.repeat(40)}`, 'nested'],
  ])('refuses %j', (pattern, expected) => {
    expect(checkGlob(pattern)).toContain(expected);
  });

  it('accepts what is well-formed', () => {
    expect(checkGlob('/a/*')).toBeUndefined();
  });

  it('never throws and never takes long, whatever the pattern', () => {
    const part = fc.constantFrom('*', '**', '?', '[', ']', '{', '}', ',', '\\', 'a', '-', '/', '!');
    const pattern = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, (text) => {
        matches(text, `/${'a'.repeat(200)}/b`);
      }),
    );
  });

  it('matches as a naive reference does', () => {
    const part = fc.constantFrom('*', '**', '?', '[ab]', '[!a]', '{a,b/}', '{,a}', 'a', 'b', '/');
    const patterns = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('')}`);
    const texts = fc
      .string({ unit: fc.constantFrom('a', 'b', '/', 'c'), maxLength: 8 })
      .map((text) => `/${text}`);
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect([pattern, text, matches(pattern, text)]).toEqual([pattern, text, reference(pattern, text)]);
      }),
      { numRuns: 3000 },
    );
  }, 60_000);
});

/** The meaning of a glob with as little thought as possible: backtracking over the patterns' texts. */
function reference(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const [first = '', rest] = [pattern.at(0), pattern.slice(1)];
  if (pattern.startsWith('**')) {
    const after = pattern.replace(/^\*+/, '');
    return range(text.length + 1).some((length) => reference(after, text.slice(length)));
  }
  if (first === '*') {
    const name = /^[^/]*/.exec(text)?.[0] ?? '';
    return range(name.length + 1).some((length) => reference(rest, text.slice(length)));
  }
  if (first === '{') {
    const end = pattern.indexOf('}');
    const options = pattern.slice(1, end).split(',');
    return options.some((option) => reference(option + pattern.slice(end + 1), text));
  }
  if (text === '') return false;
  if (first === '?') return !text.startsWith('/') && reference(rest, text.slice(1));
  if (first === '[') {
    const set = pattern.slice(1, pattern.indexOf(']'));
    const isIn = set.startsWith('!') ? !set.includes(text.charAt(0)) : set.includes(text.charAt(0));
    return isIn && !text.startsWith('/') && reference(pattern.slice(pattern.indexOf(']') + 1), text.slice(1));
  }
  return text.startsWith(first) && reference(rest, text.slice(1));
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
