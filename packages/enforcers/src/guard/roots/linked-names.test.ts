import { bind, compile, loadPolicies, type Resolver } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { LinkedNames } from './linked-names.js';

const POLICY = `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: p, namespace: default }
spec:
  selector: { matchLabels: { app: web } }
  file:
    matchPaths: [{ path: /etc/secret }, { path: /etc/other }]
    matchDirectories: [{ dir: /srv/, recursive: true }]
  process:
    matchPaths: [{ path: /bin/wget }]
  action: Block
`;
const APPLETS = ['ash', 'cat', 'ls', 'sh', 'wget'].map((name) => ({
  name: `/bin/${name}`,
  target: `/bin/${name}`,
}));

function resolverOf(files: Map<string, string>): Resolver {
  return {
    resolve: (path) => path,
    resolveParent: (path) => path,
    fileId: (path) => files.get(path),
    executables: () => APPLETS,
  };
}

describe('LinkedNames', () => {
  const files = new Map([
    ['/etc/secret', '1:10'],
    ['/etc/other', '1:11'],
    ...APPLETS.map(({ target }) => [target, '1:20'] as const),
  ]);
  const resolver = resolverOf(files);
  const { policies } = loadPolicies(POLICY, { file: 'p.yaml' });
  const ruleSet = compile(policies, {
    file: 'audit',
    network: 'audit',
    capabilities: 'audit',
    device: 'audit',
  });
  const names = new LinkedNames(bind(ruleSet, resolver), resolver);

  it('finds the paths that name a file', () => {
    expect(names.namesOf('1:10')).toEqual(['/etc/secret']);
    expect(names.namesOf('1:12')).toEqual([]);
  });

  it('finds them as they are now, not as they were when the rules were bound', () => {
    files.set('/etc/secret', '1:30');
    expect(names.namesOf('1:10')).toEqual([]);
    expect(names.namesOf('1:30')).toEqual(['/etc/secret']);
  });

  it('takes no program of many names for one of them', () => {
    expect(names.namesOf('1:20')).toEqual([]);
  });
});
