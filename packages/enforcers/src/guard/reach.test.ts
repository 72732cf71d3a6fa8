import { compile, loadPolicies, type Rule } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { denialsOf } from './denials.js';
import { needsObservation } from './observe/observation.js';
import { reachOf } from './reach.js';

function rules(spec: string): readonly Rule[] {
  const { policies, problems } = loadPolicies(
    `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: p, namespace: n }
spec: { selector: { matchLabels: { a: b } }, ${spec} }`,
    { file: 'p.yaml' },
  );
  expect(problems).toEqual([]);
  return policies.flatMap((policy) => policy.rules);
}

describe('reachOf', () => {
  for (const [spec, kind] of [
    ['process: { matchPaths: [{ path: /bin/a }] }', 'enforced'],
    ['file: { matchPaths: [{ path: /etc/a }] }', 'partial'],
    ['file: { matchPaths: [{ path: /etc/a }] }, action: Audit', 'enforced'],
    ['file: { matchPaths: [{ path: /etc/a }] }, action: Allow', 'enforced'],
    ['file: { matchPaths: [{ path: /etc/a, readOnly: true }] }, action: Allow', 'partial'],
    ['file: { matchDirectories: [{ dir: /proc/sys/ }] }', 'audited'],
    ['network: { matchProtocols: [{ protocol: tcp }] }', 'enforced'],
    ['network: { matchProtocols: [{ protocol: raw }] }', 'partial'],
    ['network: { matchDNSQueries: [{ domain: a.b }] }', 'audited'],
    ['capabilities: { matchCapabilities: [{ capability: net_raw }] }', 'audited'],
    ['presets: [{ name: filelessExec }]', 'audited'],
    ['syscalls: { matchSyscalls: [{ syscall: [unlink] }] }', 'audited'],
  ] as const) {
    it(`says ${kind} of ${spec}`, () => {
      for (const rule of rules(spec)) expect(reachOf(rule).kind).toBe(kind);
    });
  }
});

describe('denialsOf', () => {
  const postures = { file: 'audit', network: 'block', capabilities: 'audit', device: 'audit' } as const;
  const setOf = (spec: string) => {
    const { policies } = loadPolicies(
      `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: p, namespace: n }
spec: { selector: { matchLabels: { a: b } }, ${spec} }`,
      { file: 'p.yaml' },
    );
    return compile(policies, postures);
  };

  it('counts Block rules, and Allow rules under a posture of block', () => {
    expect(denialsOf(setOf('process: { matchPaths: [{ path: /a }] }'), false)).toEqual({
      process: true,
      file: false,
      network: false,
    });
    expect(denialsOf(setOf('action: Allow, file: { matchPaths: [{ path: /a }] }'), false)).toMatchObject({
      file: false,
    });
    expect(
      denialsOf(setOf('action: Allow, network: { matchProtocols: [{ protocol: tcp }] }'), false),
    ).toMatchObject({ network: true });
  });

  it('counts nothing of a workload that is only audited', () => {
    expect(denialsOf(setOf('process: { matchPaths: [{ path: /a }] }'), true)).toEqual({
      process: false,
      file: false,
      network: false,
    });
  });

  it('observes system calls only for file rules', () => {
    expect(needsObservation(setOf('process: { matchPaths: [{ path: /a }] }'))).toBe(false);
    expect(needsObservation(setOf('file: { matchPaths: [{ path: /a }] }'))).toBe(true);
  });
});
