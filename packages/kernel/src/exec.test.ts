import { describe, expect, it } from 'vitest';
import { errnoNumber } from './errno.js';
import { execve } from './exec.js';

describe('execve', () => {
  it('comes back with the reason when nothing is executed', () => {
    expect(execve('/no/such/program', ['program'], [])).toBe(-errnoNumber('ENOENT'));
    expect(execve('/etc/passwd', ['passwd', 'ü'], ['A=b'])).toBe(-errnoNumber('EACCES'));
  });
});
