import { describe, expect, it } from 'vitest';
import { ERRNO_NAMES, errnoName, errnoNumber } from './errno.js';
import { KernelError } from './errors.js';

describe('errnoName', () => {
  it('names an errno of either sign', () => {
    expect(errnoName(2)).toBe('ENOENT');
    expect(errnoName(-13)).toBe('EACCES');
    expect(errnoName(4000)).toBeUndefined();
  });

  it('is undone by errnoNumber', () => {
    for (const [number, name] of Object.entries(ERRNO_NAMES)) expect(errnoNumber(name)).toBe(Number(number));
  });
});

describe('KernelError', () => {
  it('says which call failed, on what, and why', () => {
    const error = KernelError.fromErrno(-2, 'open', '/nowhere');
    expect(error).toMatchObject({ code: 'ENOENT', errno: 2, syscall: 'open', name: 'KernelError' });
    expect(error.message).toBe('open /nowhere: ENOENT (errno 2)');
  });

  it('has a code for an errno outside the table', () => {
    expect(KernelError.fromErrno(4000, 'bpf', '').code).toBe('ERRNO_UNKNOWN');
  });

  it('keeps its own kind and wraps any other', () => {
    const own = new KernelError('CLOSED', 'x');
    expect(KernelError.from(own, 'y')).toBe(own);
    const system = Object.assign(new Error('no'), { errno: -17 });
    expect(KernelError.from(system, 'mkdir')).toMatchObject({ code: 'EEXIST', errno: 17, cause: system });
    expect(KernelError.from('text', 'x')).toMatchObject({ code: 'ERRNO_UNKNOWN', message: 'x: text' });
  });
});
