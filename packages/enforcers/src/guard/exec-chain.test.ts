import { describe, expect, it } from 'vitest';
import { ExecChain } from './exec-chain.js';
import { fnv1a } from './fnv.js';
import { pendingExec } from './pending-exec.js';

const link = (path: string, role: 'program' | 'interpreter' | 'loader') => ({
  path,
  role,
  ownerUid: 0,
  fileId: `1:${path}`,
});

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
    expect(pendingExec(chain, '/a', true).argsHash).toBe(fnv1a(Buffer.from('a\0é\0')));
  });
});

describe('long arguments', () => {
  it('show rules that something was not read, and are compared as far as they were', () => {
    const long = 'x'.repeat(5000);
    const chain = new ExecChain('/a', '/a', { strings: ['a', long], isComplete: false });
    expect(chain.argv).toEqual(['a', long, '']);
    const pending = pendingExec(chain, '/a', true);
    expect(pending.argsBytes).toBe(4096);
    expect(pending.argsHash).toBe(fnv1a(Buffer.from(`a\0${long}`).subarray(0, 4096)));
  });
});

describe('pendingExec', () => {
  it('compares arguments and an absolute file name only where rules look at them', () => {
    const chain = new ExecChain('/bin/a', '/bin/a', whole('a', 'b'));
    const compared = pendingExec(chain, '/usr/bin/a', true);
    expect(compared).toMatchObject({
      isVerified: true,
      argsBytes: 4,
      filenameHash: fnv1a(Buffer.from('/bin/a')),
    });
    expect(pendingExec(chain, '/usr/bin/a', false)).toMatchObject({
      isVerified: false,
      argsHash: 0n,
      filenameHash: 0n,
    });
    expect(pendingExec(new ExecChain('a', '/bin/a', whole('a')), '/a', true).filenameHash).toBe(0n);
    expect(pendingExec(new ExecChain('/a', '/a', undefined), '/a', true).isVerified).toBe(false);
  });
});
