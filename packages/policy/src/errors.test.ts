import { describe, expect, it } from 'vitest';
import { PolicyError } from './errors.js';

describe('PolicyError', () => {
  it('carries its code and its message', () => {
    const error = new PolicyError('NO_SUCH_LINK', 'expected a link');
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message]).toEqual([
      'PolicyError',
      'NO_SUCH_LINK',
      'expected a link',
    ]);
  });
});
