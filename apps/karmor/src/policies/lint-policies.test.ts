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

  it('says once for a rule how far the guard carries it', () => {
    const findings = lint(
      policy('p', 'web', 'capabilities: { matchCapabilities: [{ capability: net_raw }] }, action: Block'),
    );
    expect(findings).toMatchObject([{ code: 'GUARD_REACH', severity: 'info' }]);
  });

  it('warns of a host policy that an agent would refuse, since the machine could not be reached any more', () => {
    const host = (annotations: string): string =>
      `kind: KubeArmorHostPolicy\nmetadata: { name: p, annotations: { ${annotations} } }\n` +
      'spec: { nodeSelector: { matchLabels: { kubearmor.io/hostname: "*" } }, file: { matchDirectories: [{ dir: /etc/, recursive: true }] }, action: Block }\n';
    expect(codes(lint(host('')))).toContain('LOCKOUT');
    expect(codes(lint(host('kubearmor.io/allow-lockout: "true"')))).not.toContain('LOCKOUT');
  });
});
