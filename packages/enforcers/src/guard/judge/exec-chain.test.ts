import { describe, expect, it } from 'vitest';
import { ExecChain } from './exec-chain.js';
import { ExecHash } from '../labels/exec-hash.js';
import { pendingExec } from './pending-exec.js';

const link = (path: string, role: 'program' | 'interpreter' | 'loader') => ({
  path,
  role,
  ownerUid: 0,
  fileId: `1:${path}`,
});

const hash = new ExecHash({ first: 1n, second: 2n });
const whole = (...strings: string[]) => ({ strings, isComplete: true });

describe('ExecChain', () => {
  it('expects the loader that a program names, and nothing after it', () => {
    const chain = new ExecChain('/bin/a', '/bin/a', whole('a'));
    chain.add(link('/bin/a', 'program'), { kind: 'elf', loader: '/lib/ld.so' });
    expect(chain.expected).toEqual({ role: 'loader', path: '/lib/ld.so' });
    chain.add(link('/lib/ld.so', 'loader'), { kind: 'elf', loader: undefined });
    expect(chain.expected).toBeUndefined();
  });

  it("lays a script's arguments out as the kernel does", () => {
    const chain = new ExecChain('./s', '/tmp/s', whole('s', 'x'));
    chain.add(link('/tmp/s', 'program'), { kind: 'script', interpreter: '/usr/bin/perl', argument: '-w' });
    expect(chain.expected).toEqual({ role: 'interpreter', path: '/usr/bin/perl' });
    expect(chain.kernelArgv).toEqual(['/usr/bin/perl', '-w', './s', 'x']);
  });

  it('lays out a script whose interpreter is a script', () => {
    const chain = new ExecChain('/s', '/s', whole('s', 'x'));
    chain.add(link('/s', 'program'), { kind: 'script', interpreter: '/t', argument: undefined });
    chain.add(link('/t', 'interpreter'), { kind: 'script', interpreter: '/bin/sh', argument: '-e' });
    expect(chain.kernelArgv).toEqual(['/bin/sh', '-e', '/t', '/s', 'x']);
  });

  it('gives an exec without arguments one empty argument, as the kernel does', () => {
    expect(new ExecChain('/a', '/a', whole()).kernelArgv).toEqual(['']);
  });

  it('keeps arguments byte for byte and shows rules text', () => {
    const chain = new ExecChain('/a', '/a', whole('a', Buffer.from('é').toString('latin1')));
    expect(chain.argv).toEqual(['a', 'é']);
    expect(pendingExec(hash, chain, '/a', true).argsHash).toBe(hash.arguments(Buffer.from('a\0é\0')));
  });
});

describe('long arguments', () => {
  it('show rules that something was not read, and are compared as far as they were', () => {
    const long = 'x'.repeat(5000);
    const chain = new ExecChain('/a', '/a', { strings: ['a', long], isComplete: false });
    expect(chain.argv).toEqual(['a', long, '\0']);
    const pending = pendingExec(hash, chain, '/a', true);
    expect(pending.argsBytes).toBe(4096);
    expect(pending.verify).toBe('beginning');
    expect(pending.argsHash).toBe(hash.arguments(Buffer.from(`a\0${long}`).subarray(0, 4096)));
  });
});

describe('an exec that somebody else began to judge', () => {
  it('expects what comes next, and knows no arguments', () => {
    const chain = ExecChain.goingOn('/a', '/a', 'loader', '/lib/ld.so');
    expect(chain.expected).toEqual({ role: 'loader', path: '/lib/ld.so' });
    chain.add(link('/lib/ld.so', 'loader'), { kind: 'elf', loader: undefined });
    expect([chain.expected, chain.argvOf(0)]).toEqual([undefined, undefined]);
  });
});

describe('isJudgedBy', () => {
  it('tells a change of rule sets', () => {
    const chain = new ExecChain('/a', '/a', whole('a'));
    const changes = [[1], [1], [2], [2, 3], [2, 3]];
    expect(changes.map((ids) => chain.isJudgedBy(ids))).toEqual([false, true, false, false, true]);
  });
});

describe('argvOf', () => {
  it("gives an interpreter the arguments that it gets, not the script's", () => {
    const chain = new ExecChain('/s', '/s', whole('s', 'x'));
    chain.add(link('/s', 'program'), { kind: 'script', interpreter: '/bin/box', argument: 'wget' });
    expect(chain.argvOf(0)).toEqual(['s', 'x']);
    chain.add(link('/bin/box', 'interpreter'), { kind: 'elf', loader: undefined });
    expect(chain.argvOf(1)).toEqual(['/bin/box', 'wget', '/s', 'x']);
  });
});

describe('pendingExec', () => {
  it('compares arguments and the file name only where rules look at them', () => {
    const chain = new ExecChain('a', '/bin/a', whole('a', 'b'));
    const compared = pendingExec(hash, chain, '/usr/bin/a', true);
    expect(compared).toMatchObject({ verify: 'whole', argsBytes: 4, filenameHash: hash.fileName('a') });
    expect(pendingExec(hash, chain, '/usr/bin/a', false)).toMatchObject({
      verify: 'none',
      argsHash: 0n,
      filenameHash: 0n,
    });
    expect(pendingExec(hash, new ExecChain('/a', '/a', undefined), '/a', true).verify).toBe('none');
  });

  it('compares all that the kernel puts together, however much a script adds to it', () => {
    const chain = new ExecChain(`/${'s'.repeat(3000)}`, '/s', whole('s', 'x'.repeat(4000)));
    chain.add(link('/s', 'program'), { kind: 'script', interpreter: '/bin/sh', argument: undefined });
    expect(pendingExec(hash, chain, '/bin/sh', true)).toMatchObject({ verify: 'whole', argsBytes: 7011 });
  });
});
