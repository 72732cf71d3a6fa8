import { describe, expect, it } from 'vitest';
import type { Postures } from '../compile/postures.js';
import type { MemoryRoot } from '../testing/memory-resolver.js';
import { audit, block, bound, policyText } from '../testing/policies.js';
import { lint } from './lint.js';

const names = ['/bin/sh', '/bin/wget', '/bin/cat', '/bin/ls', '/bin/vi'];
const busybox: MemoryRoot = {
  links: Object.fromEntries(names.map((name) => [name, '/bin/busybox'])),
  executables: names,
};

function codes(text: string, root: MemoryRoot = {}, postures: Postures = audit): readonly string[] {
  return lint(bound(text, root, postures)).map(({ code, rule }) => `${code} ${rule.replace(/^.*#/, '')}`);
}

describe('lint', () => {
  it('says where a name of a multi-call program is meant', () => {
    const paths = [
      { path: '/bin/wget', fromSource: [{ path: '/bin/sh' }, { path: '/bin/x' }, { dir: '/bin/' }] },
      { path: '/bin/busybox' },
      { path: '/x' },
    ];
    const text = policyText('p', { process: { matchPaths: [...paths, { execname: 'wget' }] } });
    expect(codes(text, busybox)).toEqual([
      'MULTI_CALL_NAME process.matchPaths[0]',
      'MULTI_CALL_SOURCE process.matchPaths[0]',
    ]);
    expect(codes(text)).toEqual([]);
  });

  it('says which sources of Allow rules are no boundary', () => {
    const allow = (source: object): string =>
      policyText('a', { file: { matchPaths: [{ path: '/f', fromSource: [source] }], action: 'Allow' } });
    const guard = policyText('b', {
      file: { matchDirectories: [{ dir: '/usr/', recursive: true, readOnly: true }] },
    });
    expect(codes(allow({ path: '/usr/bin/x' }) + guard)).toEqual([]);
    expect(codes(allow({ dir: '/opt/' }) + guard)).toContain('SOURCE_WRITABLE file.matchPaths[0]');
    expect(codes(allow({ path: '/opt/x' }), {}, block)).not.toContain('SOURCE_WRITABLE file.matchPaths[0]');
  });

  it('says what an allow list of files lacks', () => {
    const spec = (files: readonly string[]): string =>
      policyText('p', {
        process: { matchPaths: [{ path: '/bin/x' }, { execname: 'y' }, { path: '/bin/z', action: 'Block' }] },
        file: { matchPaths: files.map((path) => ({ path })) },
        action: 'Allow',
      });
    expect(codes(spec(['/etc/a']))).toEqual([
      'PROGRAM_NOT_READABLE process.matchPaths[0]',
      'LOADER_NOT_READABLE file.matchPaths[0]',
    ]);
    expect(codes(spec(['/bin/x', '/lib/ld-musl-x86_64.so.1']), {}, block)).toEqual([]);
  });

  it('says which rules never match', () => {
    const text = policyText('p', { syscalls: { matchSyscalls: [{ syscall: [] }, { syscall: ['unlink'] }] } });
    expect(codes(text)).toEqual(['NO_SYSCALLS syscalls.matchSyscalls[0]']);
  });

  it('says everything once', () => {
    const text = policyText('p', {
      network: { matchProtocols: [{ protocol: 'tcp,udp', fromSource: [{ path: '/x' }] }], action: 'Allow' },
    });
    expect(codes(text)).toEqual(['SOURCE_WRITABLE network.matchProtocols[0]']);
  });
});
