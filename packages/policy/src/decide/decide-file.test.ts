import { describe, expect, it } from 'vitest';
import type { Operation } from './operation.js';
import { tests } from '../testing/judge.js';
import { file, read, write } from '../testing/operations.js';
import { actor, block, policyText } from '../testing/policies.js';

describe('decide, on names of one file', () => {
  const text =
    policyText('a', { file: { matchPaths: [{ path: '/etc/ok' }] }, action: 'Allow' }) +
    policyText('b', { file: { matchPaths: [{ path: '/etc/no' }, { path: '/etc/ro', readOnly: true }] } }) +
    policyText('c', { file: { matchPaths: [{ path: '/etc/own', ownerOnly: true }] }, action: 'Allow' });
  const root = { files: { '/etc/no': '1:1', '/etc/ok': '1:2' } };
  const on = tests(text, root, block);

  it('denies what a Block denies under any, passes what is allowed under any', () => {
    expect(on(read('/x', actor, { otherNames: ['/etc/no', '/etc/ok'] }))).toBe(
      'deny Block b file.matchPaths[0]',
    );
    expect(on(read('/etc/ok', actor, { otherNames: ['/x'] }))).toBe('pass');
    expect(on(read('/x', actor, { otherNames: ['/etc/ok', '/etc/own'], ownerUid: 5 }))).toBe('pass');
    expect(on(read('/x', actor, { otherNames: ['/etc/own'], ownerUid: 5 }))).toBe(
      'deny Block DefaultPosture file.matchPaths[0]',
    );
    expect(on(read('/x', actor, { otherNames: ['/etc/ro'] }))).toBe('pass');
  });

  it('knows hard links', () => {
    expect(on(read('/x', actor, { fileId: '1:1' }))).toBe('deny Block b file.matchPaths[0]');
    expect(on(read('/x', actor, { fileId: '1:2' }))).toBe('pass');
    expect(on(read('/x', actor, { fileId: '1:3' }))).toBe('deny Block DefaultPosture posture:file');
    expect(on(read('/etc/ok', actor, { fileId: '1:2', otherNames: ['/etc/ok'] }))).toBe('pass');
  });

  it('does not judge a name again by its file', () => {
    const source = { fromSource: [{ path: actor.exe }] };
    const idiom = tests(
      policyText('a', { file: { matchDirectories: [{ dir: '/etc/', ...source }] }, action: 'Allow' }) +
        policyText('b', { file: { matchPaths: [{ path: '/etc/no' }] } }),
      root,
    );
    expect(idiom(read('/etc/no', actor, { fileId: '1:1' }))).toBe('pass');
    expect(idiom(read('/x', actor, { fileId: '1:1', otherNames: ['/etc/no'] }))).toBe(
      'pass Audit DefaultPosture posture:file'.replace(' Audit DefaultPosture posture:file', ''),
    );
    expect(idiom(read('/x', actor, { fileId: '1:1' }))).toBe('deny Block b file.matchPaths[0]');
  });

  it('reports the better of several denials, whatever the order of names', () => {
    const both = tests(
      policyText('a', { file: { matchDirectories: [{ dir: '/d/' }] } }) +
        policyText('b', { file: { matchPaths: [{ path: '/f' }] } }) +
        policyText('c', { file: { matchPaths: [{ path: '/g' }] } }),
    );
    expect(both(read('/d/x', actor, { otherNames: ['/g', '/f'] }))).toBe('deny Block b file.matchPaths[0]');
    expect(both(read('/f', actor, { otherNames: ['/g', '/d/x'] }))).toBe('deny Block b file.matchPaths[0]');
  });

  it('has nothing to say of files without a name', () => {
    expect(on(read('pipe:[1]', actor, { anonymous: true }))).toBe('pass');
  });

  it('judges every object of a call', () => {
    const rename: Operation = { ...write('/x'), objects: [file('/etc/ok'), file('/etc/no'), file('/x')] };
    expect(on(rename)).toBe('deny Block b file.matchPaths[0]');
  });
});

describe('decide, on a directory that is moved', () => {
  const lists = {
    matchPaths: [{ path: '/a/b/secret' }],
    matchDirectories: [{ dir: '/c/d/', readOnly: true }],
    matchPatterns: [{ pattern: '/e/f/*.key' }, { pattern: '/g/h/k*' }],
  };
  const on = tests(policyText('p', { file: lists }));
  const move = (path: string, more: object = {}): Operation => ({
    ...write(path, actor, more),
    subtree: true,
  });

  it('counts as a write to what rules name below it', () => {
    expect(on(move('/a'))).toBe('deny Block p file.matchPaths[0]');
    expect(on(move('/c'))).toBe('deny Block p file.matchDirectories[0]');
    expect(on(move('/e'))).toBe('deny Block p file.matchPatterns[0]');
    expect(on(move('/e/f'))).toBe('deny Block p file.matchPatterns[0]');
    expect(on(move('/g'))).toBe('deny Block p file.matchPatterns[1]');
    expect(on(move('/x', { otherNames: ['/a'] }))).toBe('deny Block p file.matchPaths[0]');
    expect(on(move('/ab'))).toBe('pass');
    expect(on(write('/a'))).toBe('pass');
  });

  it('is not what a posture is about below it', () => {
    const allowed = tests(
      policyText('p', {
        file: { matchPaths: [{ path: '/a' }, { path: '/a/b', fromSource: [{ path: '/x' }] }] },
        action: 'Allow',
      }),
      {},
      block,
    );
    expect(allowed(move('/a'))).toBe('pass');
  });

  it('alerts once', () => {
    const audited = tests(
      policyText('p', { file: { matchPaths: [{ path: '/a/b' }, { path: '/a/c' }] }, action: 'Audit' }),
    );
    expect(audited(move('/a'))).toBe('pass Audit p file.matchPaths[0]');
  });
});
