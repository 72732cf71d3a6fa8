import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Matcher } from './matcher.js';
import { parseRegularExpression } from './parse-regular-expression.js';

function matches(expression: string, text: string): boolean | undefined {
  const syntax = parseRegularExpression(expression);
  return syntax && new Matcher(syntax).matches(text);
}

describe('parseRegularExpression', () => {
  it.each([
    ['web', 'web', true],
    ['web', 'webs', false],
    ['web.*', 'web-1', true],
    ['^web$', 'web', true],
    ['web\\$', 'web$', true],
    ['a|b|c', 'c', true],
    ['(a|b)c', 'bc', true],
    ['(?:ab)+', 'abab', true],
    ['(?:ab)+', '', false],
    ['a?b', 'b', true],
    ['a{2}', 'aa', true],
    ['a{2}', 'a', false],
    ['a{2,}', 'aaaa', true],
    ['a{2,}', 'a', false],
    ['a{1,2}', 'aa', true],
    ['a{1,2}', 'aaa', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[\\]]', ']', true],
    ['[[:alpha:]_]+', 'ab_', true],
    ['[[:digit:]]', 'a', false],
    ['\\d+\\w\\s', '12_ ', true],
    ['\\D\\W\\S', 'a-b', true],
    ['\\.', '.', true],
    ['', '', true],
    ['x**', 'xx', true],
  ])('%s on %j', (expression, text, expected) => {
    expect(matches(expression, text)).toBe(expected);
  });

  it.each([
    '(',
    ')',
    '(a',
    '(?=a)',
    '*a',
    '+',
    '?',
    '{1}',
    'a^b',
    'a$b',
    '[a',
    '[b-a]',
    '[[:nope:]]',
    '[\\',
    '\\',
    '\\q',
    'a{',
    'a{x}',
    'a{2,1}',
    'a{999}',
    'a{200}{200}',
    '('.repeat(40),
    'a'.repeat(1025),
  ])('refuses %s', (expression) => {
    expect(parseRegularExpression(expression)).toBeUndefined();
  });

  it('agrees with JavaScript where both understand an expression', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '.',
      'a*',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(?:ab)?',
      'b+',
      'a{1,2}',
      '|',
    );
    const expressions = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(expressions, texts, (expression, text) => {
        const expected = new RegExp(`^(?:${expression})$`).test(text);
        expect([expression, text, matches(expression, text)]).toEqual([expression, text, expected]);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});
