import { loadPolicies, type Resolver } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { lintPolicies, type PolicyFinding } from './lint-policies.js';
import { posturesOf } from './postures-of.js';

/** A root without links. */
const plain: Resolver = {
  resolve: (path) => path,
  resolveParent: (path) => path,
  fileId: () => undefined,
  executables: () => [],
};

const policy = (name: string, app: string, spec: string): string =>
  `kind: KubeArmorPolicy\nmetadata: { name: ${name} }\nspec: { selector: { matchLabels: { app: ${app} } }, ${spec} }\n`;

function lint(...texts: readonly string[]): readonly PolicyFinding[] {
  const { policies, problems } = loadPolicies(texts.join('---\n'), { file: 'f' });
  expect(problems).toEqual([]);
  return lintPolicies(policies, posturesOf('block'), plain);
}

const programs = 'process: { matchPaths: [{ path: /usr/bin/a }] }, action: Allow';
const files =
  'file: { matchPaths: [{ path: /usr/bin/a }, { path: /lib64/ld-linux-x86-64.so.2 }] }, action: Allow';
const data = 'file: { matchPaths: [{ path: /srv/x }, { path: /lib64/ld-linux-x86-64.so.2 }] }, action: Allow';
const codes = (findings: readonly PolicyFinding[]): readonly string[] => findings.map(({ code }) => code);

describe('lintPolicies', () => {
  it('looks at policies of the same workloads together, and at others apart', () => {
    expect(codes(lint(policy('p', 'web', programs), policy('q', 'web', data)))).toContain(
      'PROGRAM_NOT_READABLE',
    );
    expect(codes(lint(policy('p', 'web', programs), policy('q', 'web', files)))).toEqual([]);
    expect(codes(lint(policy('p', 'web', programs), policy('q', 'db', data)))).toEqual([]);
  });

  it('says which host policies would lock the machine out', () => {
    const host = (spec: string): string =>
      `kind: KubeArmorHostPolicy\nmetadata: { name: h }\nspec: { nodeSelector: { matchLabels: { a: b } }, ${spec} }\n`;
    const [finding] = lint(host('process: { matchPaths: [{ path: /usr/sbin/sshd }] }')).filter(
      ({ severity }) => severity === 'error',
    );
    expect(finding).toMatchObject({ code: 'LOCKOUT', rule: 'KubeArmorHostPolicy//h#process.matchPaths[0]' });
    expect(codes(lint(host('process: { matchPaths: [{ path: /opt/x }] }')))).not.toContain('LOCKOUT');
  });

  it('says once for a rule how far the guard carries it', () => {
    const findings = lint(
      policy('p', 'web', 'capabilities: { matchCapabilities: [{ capability: net_raw }] }, action: Block'),
    );
    expect(findings).toMatchObject([{ code: 'GUARD_REACH', severity: 'info' }]);
  });
});
