import { describe, expect, it } from 'vitest';
import type { Operation } from './operation.js';
import { tests } from '../testing/judge.js';
import { exec, read, write } from '../testing/operations.js';
import { actor, audit, block, policyText } from '../testing/policies.js';

describe('decide, on the rank of rules', () => {
  const file1 = (name: string, lists: object, action: string): string =>
    policyText(name, { file: lists, action });
  const path = { matchPaths: [{ path: '/etc/ssl/key' }] };
  const pattern = { matchPatterns: [{ pattern: '/etc/ssl/*' }] };
  const longer = { matchPatterns: [{ pattern: '/etc/ssl/k*' }] };
  const dir = { matchDirectories: [{ dir: '/etc/', recursive: true }] };
  const deeper = { matchDirectories: [{ dir: '/etc/ssl/' }] };
  const sourced = {
    matchDirectories: [{ dir: '/etc/', recursive: true, fromSource: [{ path: actor.exe }] }],
  };

  it.each([
    ['path before pattern', path, pattern],
    ['longer literal before shorter', longer, pattern],
    ['pattern before dir', pattern, deeper],
    ['deeper dir before shallower', deeper, dir],
    ['source before path', sourced, path],
  ])('%s', (_, higher, lower) => {
    const allowed = tests(file1('a', higher, 'Allow') + file1('b', lower, 'Block'));
    expect(allowed(read('/etc/ssl/key'))).toBe('pass');
    const denied = tests(file1('a', lower, 'Allow') + file1('b', higher, 'Block'));
    expect(denied(read('/etc/ssl/key'))).toMatch(/^deny Block b/);
  });

  it('lets Block win among equals, then the earlier policy', () => {
    const equal = tests(file1('a', path, 'Allow') + file1('c', path, 'Block') + file1('b', path, 'Block'));
    expect(equal(read('/etc/ssl/key'))).toBe('deny Block b file.matchPaths[0]');
  });

  it('reports the highest and first Audit', () => {
    const audited = tests(file1('c', path, 'Audit') + file1('b', path, 'Audit') + file1('a', dir, 'Audit'));
    expect(audited(read('/etc/ssl/key'))).toBe('pass Audit b file.matchPaths[0]');
    expect(audited(read('/etc/x'))).toBe('pass Audit a file.matchDirectories[0]');
  });
});

describe('decide, on modifiers', () => {
  const owner = { ...actor, fsUid: 7 };
  const terminal = { ...actor, hasTty: true };
  const on = (modifiers: object, action: string): ((operation: Operation) => string) =>
    tests(policyText('p', { file: { matchPaths: [{ path: '/f', ...modifiers }] }, action }), {}, block);

  it.each([
    ['Block', 'pass', 'deny Block p file.matchPaths[0]'],
    ['Allow', 'pass', 'deny Block DefaultPosture file.matchPaths[0]'],
    ['Audit', 'pass', 'pass Audit p file.matchPaths[0]'],
  ])('%s', (action, satisfied, failed) => {
    const owned = on({ ownerOnly: true }, action);
    expect(owned(read('/f', owner, { ownerUid: 7 }))).toBe(satisfied);
    expect(owned(read('/f', owner))).toBe(failed);
    const readable = on({ readOnly: true }, action);
    expect(readable(read('/f'))).toBe(satisfied);
    expect(readable(write('/f'))).toBe(failed);
    const untyped = on({ pts: false }, action);
    expect(untyped(read('/f'))).toBe(satisfied);
    expect(untyped(read('/f', terminal))).toBe(failed);
    const withArgs = tests(
      policyText('p', { process: { matchPaths: [{ path: '/f', allowedArgs: ['-a', '-b'] }] }, action }),
      {},
      block,
    );
    expect(withArgs(exec('/f', ['f', '-a', '-b']))).toBe(satisfied);
    const failedExec = failed.replace('file', 'process');
    expect(withArgs(exec('/f', ['f']))).toBe(failedExec);
    expect(withArgs(exec('/f', ['f', '-a', '-c']))).toBe(failedExec);
  });
});

describe('decide, in allow-list mode', () => {
  const text = policyText('p', { file: { matchPaths: [{ path: '/f' }] }, action: 'Allow' });
  const audited = text + policyText('q', { file: { matchPaths: [{ path: '/g' }] }, action: 'Audit' });

  it('leaves what no rule matches to the posture of the kind', () => {
    expect(tests(text, {}, block)(read('/g'))).toBe('deny Block DefaultPosture posture:file');
    expect(tests(text)(read('/g'))).toBe('pass Audit DefaultPosture posture:file');
    expect(tests(text, {}, { ...audit, file: 'allow' })(read('/g'))).toBe('pass');
    expect(tests(text, {}, block)(exec('/f'))).toBe('pass');
    expect(tests(audited)(read('/g'))).toBe('pass Audit q file.matchPaths[0]');
    expect(tests(audited, {}, block)(read('/g'))).toBe('deny Block DefaultPosture posture:file');
  });
});
