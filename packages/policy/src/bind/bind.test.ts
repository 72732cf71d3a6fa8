import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.js';
import { decide } from '../decide/decide.js';
import type { Operation } from '../decide/operation.js';
import type { Rule } from '../language/rule.js';
import { MemoryResolver } from '../testing/memory-resolver.js';
import type { MemoryRoot } from '../testing/memory-resolver.js';
import { exec, read } from '../testing/operations.js';
import { actor, audit, block, bound, policiesOf, policyText } from '../testing/policies.js';
import { bind } from './bind.js';
import type { BoundRuleSet } from './bound-rule-set.js';

const merged: MemoryRoot = { links: { '/bin': '/usr/bin', '/usr/bin/python3': '/usr/bin/python3.11' } };

function verdict(set: BoundRuleSet, path: string, exe = actor.exe): string {
  return decide(set, read(path, { ...actor, exe })).verdict;
}

describe('bind', () => {
  it('lets paths match as written and as resolved', () => {
    const lists = {
      matchPaths: [{ path: '/bin/sleep' }, { path: '/usr/bin/python3' }],
      matchDirectories: [{ dir: '/bin/x/' }],
      matchPatterns: [{ pattern: '/bin/z*' }, { pattern: 'relative*' }],
    };
    const set = bound(policyText('p', { file: lists }), merged);
    const denied = [
      '/bin/sleep',
      '/usr/bin/sleep',
      '/usr/bin/python3',
      '/usr/bin/python3.11',
      '/usr/bin/x/y',
      '/bin/x',
      '/usr/bin/zz',
      '/bin/zz',
      'relative1',
    ];
    for (const path of denied) expect([path, verdict(set, path)]).toEqual([path, 'deny']);
    expect(verdict(set, '/usr/bin/x/y/z')).toBe('pass');
    expect(verdict(set, '/usr/bin/yz')).toBe('pass');
  });

  it('lets sources match as written and as resolved', () => {
    const source = [{ path: '/bin/sh' }, { dir: '/bin/x' }, { dir: '/opt', recursive: true }];
    const set = bound(
      policyText('p', { file: { matchPaths: [{ path: '/f', fromSource: source }] } }),
      merged,
    );
    for (const exe of ['/bin/sh', '/usr/bin/sh', '/usr/bin/x/a', '/opt/a/b'])
      expect(verdict(set, '/f', exe)).toBe('deny');
    for (const exe of ['/usr/bin/x/a/b', '/usr/bin/shh', '/optic'])
      expect(verdict(set, '/f', exe)).toBe('pass');
  });

  it('judges by the depth of the form that matches', () => {
    const set = bound(
      policyText('a', { file: { matchDirectories: [{ dir: '/bin/', recursive: true }] }, action: 'Allow' }) +
        policyText('b', { file: { matchDirectories: [{ dir: '/usr/', recursive: true }] } }) +
        policyText('c', { file: { matchPatterns: [{ pattern: '/bin/a*' }] } }) +
        policyText('d', { file: { matchPatterns: [{ pattern: '/usr/*/a*' }] }, action: 'Allow' }),
      merged,
    );
    expect(verdict(set, '/usr/bin/x')).toBe('pass');
    expect(verdict(set, '/usr/lib')).toBe('deny');
    expect(verdict(set, '/usr/bin/a1')).toBe('deny');
  });

  it('covers the whole tree with a rule about /', () => {
    const set = bound(policyText('p', { file: { matchDirectories: [{ dir: '/', recursive: true }] } }));
    for (const path of ['/', '/a', '/a/b']) expect(verdict(set, path)).toBe('deny');
    const flat = bound(policyText('p', { file: { matchDirectories: [{ dir: '/' }] } }));
    expect(['/a', '/a/b'].map((path) => verdict(flat, path))).toEqual(['deny', 'pass']);
  });

  it('keeps what Block and Audit ever resolved to, and of Allow what was first', () => {
    const text = (action: string): string =>
      policyText('p', { file: { matchPaths: [{ path: '/cur' }] }, action });
    const rebound = (action: string, ...targets: string[]): BoundRuleSet =>
      targets.reduce<BoundRuleSet | undefined>((previous, target) => {
        const resolver = new MemoryResolver({
          links: { '/cur': target },
          files: { '/v1': '1:1', '/v2': '1:2' },
        });
        return bind(compile(policiesOf(text(action)), block), resolver, previous);
      }, undefined) ?? bound('');
    const blocked = rebound('Block', '/v1', '/v2');
    expect(['/v1', '/v2', '/cur'].map((path) => verdict(blocked, path))).toEqual(['deny', 'deny', 'deny']);
    const allowed = rebound('Allow', '/v1', '/v2');
    expect(['/v1', '/v2'].map((path) => verdict(allowed, path))).toEqual(['pass', 'deny']);
    const byFile = (set: BoundRuleSet, fileId: string): string =>
      decide(set, read('/x', actor, { fileId })).verdict;
    expect([byFile(blocked, '1:1'), byFile(blocked, '1:2')]).toEqual(['pass', 'deny']);
    expect([byFile(allowed, '1:1'), byFile(allowed, '1:2')]).toEqual(['deny', 'deny']);
    const still = rebound('Allow', '/v1', '/v1');
    expect(byFile(still, '1:1')).toBe('pass');
  });

  it('remembers resolutions of rules that are gone for a while, but not without end', () => {
    const resolver = new MemoryResolver();
    const lists = Array.from({ length: 1500 }, (_, index) => ({ path: `/f${index}` }));
    const many = bound(policyText('p', { file: { matchPaths: lists } }));
    const none = bind(compile([], audit), resolver, many);
    expect(none.resolutions.size).toBe(1000);
    expect(bind(compile([], audit), resolver, none).resolutions.size).toBe(1000);
  });

  it('matches as written where nothing resolves', () => {
    const set = bound(policyText('p', { file: { matchPaths: [{ path: '/a' }] } }), { isGone: true });
    expect(verdict(set, '/a')).toBe('deny');
  });

  it('refuses rules that were not loaded', () => {
    const [policy] = policiesOf(policyText('p', { process: { matchPatterns: [{ pattern: '/a' }] } }));
    const rules =
      policy?.rules.map((rule): Rule => ({ ...rule, object: { match: 'pattern', pattern: '[' } })) ?? [];
    const set = { ...compile([], audit), rules };
    expect(() => bind(set, new MemoryResolver())).toThrow('expected a ] after every [, got "["');
    const odd = policy?.rules.map((rule): Rule => ({ ...rule, kind: 'syscall' })) ?? [];
    expect(bind({ ...set, rules: odd }, new MemoryResolver()).syscalls).toEqual([]);
  });

  it('lets rules about objects of another kind match nothing', () => {
    const [policy] = policiesOf(policyText('p', { file: { matchPaths: [{ path: '/f' }] } }));
    const kinds = ['network', 'dns', 'capabilities', 'device', 'preset'] as const;
    const rules = kinds.flatMap((kind) => policy?.rules.map((rule): Rule => ({ ...rule, kind })) ?? []);
    const set = bind({ ...compile([], audit), rules }, new MemoryResolver());
    const operations: readonly Operation[] = [
      { kind: 'network', subject: actor, family: 'inet', type: 'stream', protocol: 0 },
      { kind: 'dns', subject: actor, domain: 'x' },
      { kind: 'capabilities', subject: actor, capability: 'bpf' },
      { kind: 'device', class: 1, subClass: 1, protocol: 1, level: 1 },
      { kind: 'preset', subject: actor, preset: 'exec' },
    ];
    for (const operation of operations) expect(decide(set, operation)).toEqual({ verdict: 'pass' });
  });

  it('finds no multi-call program in four names', () => {
    const names = ['/bin/a', '/bin/b', '/bin/c', '/bin/d'];
    const root = { links: Object.fromEntries(names.map((name) => [name, '/bin/box'])), executables: names };
    const set = bound(policyText('p', { process: { matchPaths: [{ path: '/bin/a' }] } }), root);
    expect(decide(set, exec('/bin/box')).verdict).toBe('deny');
  });
});
