import { describe, expect, it } from 'vitest';
import { bind } from '../bind/bind.js';
import type { Operation } from '../decide/operation.js';
import type { Rule } from '../language/rule.js';
import { MemoryResolver } from '../testing/memory-resolver.js';
import { exec, read, write } from '../testing/operations.js';
import { actor, block, bound, policyText } from '../testing/policies.js';
import { explain } from './explain.js';

const text =
  policyText('a', { file: { matchDirectories: [{ dir: '/etc/', recursive: true }] } }) +
  policyText('b', { file: { matchPaths: [{ path: '/etc/x', readOnly: true }] }, action: 'Allow' }) +
  policyText('c', { file: { matchPaths: [{ path: '/etc/x', readOnly: true }] }, action: 'Audit' }) +
  policyText('d', {
    file: { matchPaths: [{ path: '/etc/x', fromSource: [{ path: '/s' }] }, { path: '/y' }] },
  }) +
  policyText('e', { process: { matchPaths: [{ path: '/bin/x', ownerOnly: true }] } }) +
  policyText('f', { file: { matchPatterns: [{ pattern: '/etc/*' }] }, action: 'Audit' });

const id = (rest: string): string => `KubeArmorPolicy/default/${rest}`;

function explained(operation: Operation): ReturnType<typeof explain> {
  return explain(bound(text, {}, block), operation);
}

describe('explain', () => {
  it('says what let an operation pass, what was outranked and what did not match', () => {
    const { decision, matched, unmatched, posture } = explained(read('/etc/x'));
    expect(decision.verdict).toBe('pass');
    expect(matched).toEqual([
      {
        rule: id('a#file.matchDirectories[0]'),
        decided: false,
        reason: `denies, but ${id('f#file.matchPatterns[0]')} is more specific`,
      },
      { rule: id('b#file.matchPaths[0]'), decided: false, reason: 'allows, its modifiers satisfied' },
      { rule: id('c#file.matchPaths[0]'), decided: false, reason: 'does not alert, its modifiers satisfied' },
      { rule: id('f#file.matchPatterns[0]'), decided: true, reason: 'alerts' },
    ]);
    expect(unmatched).toEqual([
      { rule: id('d#file.matchPaths[0]'), why: 'fromSource has not /usr/bin/actor' },
      { rule: id('d#file.matchPaths[1]'), why: 'is about another object' },
      { rule: id('e#process.matchPaths[0]'), why: 'is about process' },
    ]);
    expect(posture).toBeUndefined();
  });

  it('says what denied it', () => {
    const { matched } = explained(write('/etc/x'));
    expect(matched.find(({ decided }) => decided)).toEqual({
      rule: id('b#file.matchPaths[0]'),
      decided: true,
      reason: 'denies, its modifiers not satisfied',
    });
  });

  it('names a posture that decided', () => {
    expect(explained(read('/z')).posture).toBe('posture:file');
  });

  it('names the Allow or Block that let an operation pass', () => {
    const own = exec('/bin/x');
    expect(explained(exec('/q')).unmatched.map(({ why }) => why)).toContain('is about another object');
    const { matched } = explain(
      bound(policyText('e', { process: { matchPaths: [{ path: '/bin/x', ownerOnly: true }] } })),
      own,
    );
    expect(matched).toEqual([
      { rule: id('e#process.matchPaths[0]'), decided: true, reason: 'lets pass, its modifiers satisfied' },
    ]);
    const allowed =
      policyText('a', { file: { matchDirectories: [{ dir: '/etc/' }] }, action: 'Allow' }) +
      policyText('b', { file: { matchPaths: [{ path: '/etc/x' }] }, action: 'Allow' });
    const explanation = explain(bound(allowed), read('/etc/x'));
    expect(explanation.matched.map(({ decided }) => decided)).toEqual([false, true]);
  });

  it('keeps the best match of a rule that matches under several names', () => {
    const linked = bound(policyText('p', { file: { matchDirectories: [{ dir: '/a/', recursive: true }] } }), {
      links: { '/a': '/b/c' },
    });
    const { matched } = explain(linked, read('/a/x', actor, { otherNames: ['/b/c/x', '/a/y'] }));
    expect(matched).toHaveLength(1);
  });

  it('knows operations without a subject, and opens by loaders', () => {
    const spec = {
      nodeSelector: { matchLabels: { a: 'b' } },
      device: { matchDevice: [{ class: 'HID', fromSource: undefined }, { class: 'HUB' }] },
      file: { matchPaths: [{ path: '/x', fromSource: [{ path: '/s' }] }] },
    };
    const host = bound(policyText('h', spec, 'KubeArmorHostPolicy'));
    const device: Operation = { kind: 'device', class: 3, subClass: 0, protocol: 0, level: 1 };
    expect(explain(host, device).unmatched.map(({ why }) => why)).toEqual([
      'is about file',
      'is about another object',
    ]);
    const sourced = host.ruleSet.rules.map((rule): Rule => ({
      ...rule,
      fromSource: [{ match: 'path', path: '/s' }],
    }));
    const odd = bind({ ...host.ruleSet, rules: sourced }, new MemoryResolver());
    expect(explain(odd, device).unmatched.map(({ why }) => why)).toContain('fromSource has not the kernel');
    const { unmatched } = explained({ ...read('/q'), byLoader: true });
    expect(unmatched.map(({ why }) => why)).toContain('is about another object');
  });
});
