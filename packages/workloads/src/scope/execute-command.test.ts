import { describe, expect, it } from 'vitest';
import { candidates, executeCommand } from './execute-command.js';

const ENOENT = -2;
const EACCES = -13;
const EPERM = -1;
const ENOEXEC = -8;
const env = ['A=b', 'PATH=/one:/two'];

/** Answers each path with a result and keeps what was tried. */
function fakeExecute(results: Readonly<Record<string, number>>): {
  readonly tried: string[][];
  readonly execute: (path: string, argv: readonly string[]) => number;
} {
  const tried: string[][] = [];
  const execute = (path: string, argv: readonly string[]): number => {
    tried.push([path, ...argv]);
    return results[path] ?? ENOENT;
  };
  return { tried, execute };
}

describe('executeCommand', () => {
  it('says that a command was not found, with 127', () => {
    expect(executeCommand(['x'], env, fakeExecute({}).execute)).toEqual({
      status: 127,
      message: 'x: command not found',
    });
    expect(executeCommand(['/x'], env, fakeExecute({}).execute)).toMatchObject({ status: 127 });
  });

  it('goes on in PATH after a file that may not be executed, and says so in the end', () => {
    const { execute, tried } = fakeExecute({ '/one/x': EACCES });
    expect(executeCommand(['x', 'a'], env, execute)).toEqual({
      status: 126,
      message: 'x: permission denied',
    });
    expect(tried).toEqual([
      ['/one/x', 'x', 'a'],
      ['/two/x', 'x', 'a'],
    ]);
  });

  it('takes a denial as final', () => {
    const { execute, tried } = fakeExecute({ '/one/x': EPERM });
    expect(executeCommand(['x'], env, execute)).toEqual({
      status: 126,
      message: 'x: operation not permitted',
    });
    expect(tried).toHaveLength(1);
  });

  it('has the shell run what is no program', () => {
    const { execute, tried } = fakeExecute({ '/x': ENOEXEC, '/bin/sh': EACCES });
    expect(executeCommand(['/x', 'a'], env, execute)).toMatchObject({ status: 126 });
    expect(tried[1]).toEqual(['/bin/sh', '/bin/sh', '/x', 'a']);
  });
});

describe('candidates', () => {
  it('takes a path as it is, an empty entry of PATH as the current directory, and a default without PATH', () => {
    expect(candidates('./x', env)).toEqual(['./x']);
    expect(candidates('x', ['PATH=:/b'])).toEqual(['./x', '/b/x']);
    expect(candidates('x', [])).toContain('/usr/bin/x');
  });
});
