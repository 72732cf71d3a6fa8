import { describe, expect, it } from 'vitest';
import { decideLink } from './decide-exec.js';
import type { Operation } from './operation.js';
import { tests } from '../testing/judge.js';
import { exec, program, read } from '../testing/operations.js';
import { actor, block, bound, policyText } from '../testing/policies.js';

describe('decide, on an exec', () => {
  const script = exec('/opt/run', ['run'], {
    links: [
      program('/opt/run'),
      program('/usr/bin/python3.11', { role: 'interpreter', requestedPath: '/usr/bin/python3' }),
      program('/lib/ld.so', { role: 'loader' }),
    ],
  });

  it('judges reading before executing, and every link', () => {
    const text = (section: string, path: string, action = 'Block'): string =>
      policyText(`${section}${action}`, { [section]: { matchPaths: [{ path }] }, action });
    expect(tests(text('file', '/opt/run') + text('process', '/opt/run'))(script)).toMatch('fileBlock');
    expect(tests(text('process', '/usr/bin/python3.11'))(script)).toMatch('deny Block processBlock');
    expect(tests(text('file', '/lib/ld.so'))(script)).toMatch('deny Block fileBlock');
    expect(tests(text('process', '/lib/ld.so'))(script)).toMatch('deny Block processBlock');
    expect(tests(text('process', '/lib/ld.so', 'Audit'))(script)).toBe('pass');
    expect(tests(text('process', '/opt/run', 'Audit') + text('file', '/lib/ld.so'))(script)).toMatch(
      'fileBlock',
    );
    expect(tests(text('file', '/lib/ld.so', 'Audit') + text('process', '/opt/run', 'Audit'))(script)).toMatch(
      'processAudit',
    );
  });

  it('knows an executable by the name it is requested under', () => {
    const named = (execname: string): string => policyText('p', { process: { matchPaths: [{ execname }] } });
    expect(tests(named('python3'))(script)).toMatch('deny');
    expect(tests(named('python3.11'))(script)).toMatch('deny');
    expect(tests(named('python'))(script)).toBe('pass');
    const linked = exec('/usr/bin/alias', ['alias'], { links: [program('/usr/bin/tool')] });
    expect(tests(named('alias'))(linked)).toMatch('deny');
  });

  it('knows sources by themselves and by what forked them', () => {
    const text = policyText('p', {
      process: { matchPaths: [{ path: '/x', fromSource: [{ path: '/usr/bin/init' }, { dir: '/opt/' }] }] },
    });
    expect(tests(text)(exec('/x'))).toMatch('deny');
    expect(tests(text)(exec('/x', ['x'], { subject: { ...actor, exe: '/opt/a', parentExe: '/b' } }))).toMatch(
      'deny',
    );
    expect(tests(text)(exec('/x', ['x'], { subject: { exe: '/a', fsUid: 0, hasTty: false } }))).toBe('pass');
  });

  it('judges files without a name as processes only', () => {
    const text = policyText('p', {
      process: { matchPatterns: [{ pattern: 'memfd:*' }] },
      file: { matchPatterns: [{ pattern: '**' }] },
    });
    const nameless = exec('memfd:x', ['x'], { links: [program('memfd:x', { anonymous: true })] });
    expect(tests(text)(nameless)).toBe('deny Block p process.matchPatterns[0]');
  });

  it('judges one link alone', () => {
    const set = bound(policyText('p', { process: { matchPaths: [{ path: '/usr/bin/python3.11' }] } }));
    expect([0, 1, 2].map((index) => decideLink(set, script, index).verdict)).toEqual([
      'pass',
      'deny',
      'pass',
    ]);
    expect(() => decideLink(set, script, 3)).toThrow('expected one of 3 links, got 3');
  });

  it('takes an open by a loader for an exec, by explicit rules', () => {
    const text = policyText('p', {
      process: { matchPaths: [{ path: '/x', allowedArgs: ['-a'] }] },
      action: 'Allow',
    });
    const byLoader: Operation = { ...read('/x'), byLoader: true };
    const on = tests(text, {}, block);
    expect(on(byLoader)).toBe('deny Block DefaultPosture process.matchPaths[0]');
    expect(on({ ...byLoader, argv: ['x', '-a'] })).toBe('pass');
    expect(on({ ...read('/y'), byLoader: true })).toBe('pass');
    expect(on(read('/x'))).toBe('pass');
    expect(tests(policyText('q', { file: { matchPaths: [{ path: '/x' }] } }))(byLoader)).toMatch(
      'deny Block q',
    );
  });
});

describe('decide, on multi-call programs', () => {
  const names = ['/bin/sh', '/bin/wget', '/bin/cat', '/bin/ls', '/usr/bin/vi', '/bin/busybox'];
  const links = Object.fromEntries(names.slice(0, 5).map((name) => [name, '/bin/busybox']));
  const symbolic = { links, executables: names, files: { '/bin/busybox': '1:1', '/opt/copy': '1:1' } };
  const hard = { executables: names, files: Object.fromEntries(names.map((name) => [name, '1:1'])) };
  const run = (
    requested: string,
    argv: readonly string[],
    real = '/bin/busybox',
    more: object = {},
  ): Operation => exec(requested, argv, { links: [program(real, more)] });
  const rule = (path: string, action: string): string =>
    policyText('p', { process: { matchPaths: [{ path }] }, action });

  it('denies an applet under any name, and no other applet', () => {
    const on = tests(rule('/bin/wget', 'Block'), symbolic);
    expect(on(run('/bin/wget', ['wget']))).toMatch('deny');
    expect(on(run('/bin/sh', ['-wget']))).toMatch('deny');
    expect(on(run('/bin/busybox', ['busybox', 'busybox', '/x/wget']))).toMatch('deny');
    expect(on(run('/bin/coreutils', ['coreutils', '--coreutils-prog=wget']))).toMatch('deny');
    expect(on(run('/bin/sh', ['sh']))).toBe('pass');
    expect(on(run('/bin/sh', []))).toBe('pass');
    expect(on(run('/opt/copy', ['wget'], '/opt/copy', { fileId: '1:1' }))).toMatch('deny');
    expect(on(run('/opt/copy', ['wget'], '/opt/copy', { fileId: '1:2' }))).toBe('pass');
  });

  it('denies an applet that has no link of its own', () => {
    const on = tests(rule('/bin/nc', 'Block'), symbolic);
    expect(on(run('/bin/busybox', ['busybox', 'nc']))).toMatch('deny');
  });

  it('denies an applet that a loader runs', () => {
    const on = tests(rule('/bin/wget', 'Block'), symbolic);
    const byLoader: Operation = { ...read('/bin/busybox'), byLoader: true };
    expect(on({ ...byLoader, argv: ['/bin/busybox', 'wget'] })).toMatch('deny');
    expect(on({ ...byLoader, argv: ['/bin/busybox', 'sh'] })).toBe('pass');
    expect(on(byLoader)).toBe('pass');
  });

  it('allows what is requested only if that is what runs', () => {
    const on = tests(rule('/bin/wget', 'Allow'), symbolic, block);
    expect(on(run('/bin/wget', ['wget']))).toBe('pass');
    expect(on(run('/bin/wget', ['sh']))).toMatch('deny');
    expect(on(run('/bin/busybox', ['busybox', 'wget']))).toMatch('deny');
    const itself = tests(rule('/bin/busybox', 'Allow'), symbolic, block);
    expect(itself(run('/bin/sh', ['sh']))).toBe('pass');
  });

  it('knows programs whose names are hard links', () => {
    const blocked = tests(rule('/bin/wget', 'Block'), hard);
    expect(blocked(run('/bin/wget', ['wget'], '/bin/wget', { fileId: '1:1' }))).toMatch('deny');
    expect(blocked(run('/bin/sh', ['sh'], '/bin/sh', { fileId: '1:1' }))).toBe('pass');
    expect(blocked(run('/bin/sh', ['wget'], '/bin/sh', { fileId: '1:1' }))).toMatch('deny');
    const allowed = tests(rule('/bin/wget', 'Allow'), hard, block);
    expect(allowed(run('/bin/wget', ['wget'], '/bin/wget'))).toBe('pass');
    expect(allowed(run('/bin/wget', ['sh'], '/bin/wget'))).toMatch('deny');
  });

  it('knows an interpreter by the name the script gives it', () => {
    const on = tests(rule('/bin/sh', 'Block'), symbolic);
    const interpreted = (more: object): Operation =>
      exec('/opt/run', ['run'], {
        links: [program('/opt/run'), program('/bin/busybox', { role: 'interpreter', ...more })],
      });
    expect(on(interpreted({ requestedPath: '/bin/sh' }))).toMatch('deny');
    expect(on(interpreted({ otherNames: ['/bin/sh'] }))).toMatch('deny');
    expect(on(interpreted({}))).toBe('pass');
  });
});
