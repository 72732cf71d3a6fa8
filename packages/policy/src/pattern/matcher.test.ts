import { describe, expect, it } from 'vitest';
import { Matcher } from './matcher.js';
import { parseRegularExpression } from './parse-regular-expression.js';
import { anything, empty, notSlash, star } from './syntax.js';

describe('Matcher', () => {
  it('takes time linear in the text where backtracking would take forever', () => {
    const syntax = parseRegularExpression('(a*)*(a|a)*b');
    expect(syntax && new Matcher(syntax).matches('a'.repeat(50_000))).toBe(false);
  });

  it('forgets what it has worked out before it becomes too much', () => {
    const matcher = new Matcher(star(anything));
    for (let code = 0x4e00; code < 0x4e00 + 2000; code += 1) {
      expect(matcher.matches(`/${String.fromCodePoint(code)}`)).toBe(true);
    }
    expect(matcher.matches('/a')).toBe(true);
  });

  it('matches from an offset', () => {
    expect(new Matcher(star(notSlash)).matches('/a/b', 3)).toBe(true);
    expect(new Matcher(empty).matches('abc', 3)).toBe(true);
    expect(new Matcher(empty).matches('abc', 2)).toBe(false);
  });
});
