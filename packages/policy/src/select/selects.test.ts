import { describe, expect, it } from 'vitest';
import { policiesOf } from '../testing/policies.js';
import { selects } from './selects.js';
import type { Workload } from './workload.js';

const web: Workload = {
  kind: 'scope',
  namespace: 'default',
  name: 'web-1',
  containerName: 'web',
  labels: { app: 'web', tier: 'front' },
};

function isSelected(kind: string, selection: object, workload: Partial<Workload> = {}): boolean {
  const [policy] = policiesOf(JSON.stringify({ kind, metadata: { name: 'p' }, spec: selection }));
  return policy !== undefined && selects(policy, { ...web, ...workload });
}

const expression = (key: string, operator: string, ...values: string[]): object => ({
  key,
  operator,
  values,
});

describe('selects, by a KubeArmorPolicy', () => {
  const selected = (selector: object, workload?: Partial<Workload>): boolean =>
    isSelected('KubeArmorPolicy', { selector }, workload);

  it('needs every label', () => {
    expect(selected({ matchLabels: { app: 'web', tier: 'front' } })).toBe(true);
    expect(selected({ matchLabels: { app: 'web', tier: 'back' } })).toBe(false);
    expect(selected({ matchLabels: { app: 'web', zone: '1' } })).toBe(false);
    expect(selected({})).toBe(true);
  });

  it('stays in its namespace and off the host', () => {
    expect(selected({}, { namespace: 'other' })).toBe(false);
    expect(selected({}, { kind: 'host' })).toBe(false);
    expect(selected({ matchLabels: { namespaceName: 'default' } })).toBe(true);
  });

  it('needs every expression', () => {
    const both = (...expressions: object[]): boolean => selected({ matchExpressions: expressions });
    expect(both(expression('label', 'In', 'app=web', 'app=db'))).toBe(true);
    expect(both(expression('label', 'In', 'app=db'))).toBe(false);
    expect(both(expression('label', 'NotIn', 'app=db'))).toBe(true);
    expect(both(expression('label', 'In', 'app=web'), expression('label', 'NotIn', 'tier=front'))).toBe(
      false,
    );
    expect(both(expression('label', 'NotIn', 'tier=front'), expression('label', 'In', 'app=web'))).toBe(
      false,
    );
    expect(both(expression('label', 'In'))).toBe(true);
  });

  const named = (value: string, workload?: Partial<Workload>): boolean =>
    selected({ matchLabels: { 'kubearmor.io/container.name': value } }, workload);

  it('narrows to listed containers on Kubernetes', () => {
    const pod = { kind: 'pod' } as const;
    expect(named('[web,db]', pod)).toBe(true);
    expect(named('[ db , proxy ]', pod)).toBe(false);
    expect(named('[]', pod)).toBe(true);
    expect(named('web,db', pod)).toBe(true);
    expect(named('w.*', pod)).toBe(false);
    expect(named('[web]', { kind: 'container', orchestrated: true })).toBe(true);
    expect(named('[web-1,app-2]', pod)).toBe(false);
  });

  it('narrows by a regular expression elsewhere', () => {
    expect(named('w.*')).toBe(true);
    expect(named('we')).toBe(false);
    expect(named('[web-1,app-2]')).toBe(false);
    const unnamed: Workload = { kind: 'scope', namespace: 'default', name: 'web-1', labels: {} };
    const [policy] = policiesOf(
      JSON.stringify({
        kind: 'KubeArmorPolicy',
        metadata: { name: 'p' },
        spec: { selector: { matchLabels: { 'kubearmor.io/container.name': 'web-.' } } },
      }),
    );
    expect(policy && selects(policy, unnamed)).toBe(true);
  });
});

describe('selects, by a KubeArmorClusterPolicy', () => {
  const selected = (expressions: object[], workload?: Partial<Workload>): boolean =>
    isSelected('KubeArmorClusterPolicy', { selector: { matchExpressions: expressions } }, workload);

  it('goes by namespace and label', () => {
    expect(selected([])).toBe(true);
    expect(selected([expression('namespace', 'In', 'default')])).toBe(true);
    expect(selected([expression('namespace', 'In', 'other')])).toBe(false);
    expect(selected([expression('namespace', 'NotIn', 'default')])).toBe(false);
    const label = expression('label', 'In', 'app=web');
    expect(selected([expression('namespace', 'NotIn', 'other'), label])).toBe(true);
    expect(selected([label], { labels: {} })).toBe(false);
  });

  it('leaves the node and its services alone', () => {
    expect(selected([], { kind: 'host' })).toBe(false);
    expect(selected([], { kind: 'unit', namespace: 'systemd' })).toBe(false);
    expect(isSelected('KubeArmorClusterPolicy', {})).toBe(true);
  });
});

describe('selects, by a KubeArmorHostPolicy', () => {
  const selected = (labels: object, node: Record<string, string>): boolean =>
    isSelected(
      'KubeArmorHostPolicy',
      { nodeSelector: { matchLabels: labels } },
      { kind: 'host', labels: node },
    );

  it('goes by the labels of the node', () => {
    expect(selected({ zone: 'a' }, { zone: 'a' })).toBe(true);
    expect(selected({ zone: 'a' }, { zone: 'b' })).toBe(false);
    expect(selected({}, { zone: 'a' })).toBe(false);
    expect(isSelected('KubeArmorHostPolicy', { nodeSelector: { matchLabels: { app: 'web' } } })).toBe(false);
  });

  it('takes lists of host names', () => {
    const node = { 'kubearmor.io/hostname': 'one' };
    expect(selected({ 'kubearmor.io/hostname': 'two, one' }, node)).toBe(true);
    expect(selected({ 'kubearmor.io/hostname': '*' }, {})).toBe(true);
    expect(selected({ 'kubearmor.io/hostname': 'two' }, node)).toBe(false);
    expect(selected({ 'kubernetes.io/hostname': 'one' }, node)).toBe(false);
  });

  it('takes expressions for host names', () => {
    const node = { 'kubearmor.io/hostname': 'node-17' };
    expect(selected({ 'kubearmor.io/hostnamereg': 'node-*' }, node)).toBe(true);
    expect(selected({ 'kubearmor.io/hostnamereg': 'node-[0-9]' }, node)).toBe(true);
    expect(selected({ 'kubearmor.io/hostnamereg': 'ode' }, node)).toBe(false);
    expect(selected({ 'kubearmor.io/hostnamereg': '(' }, node)).toBe(false);
    expect(selected({ 'kubernetes.io/hostnamereg': '*' }, node)).toBe(false);
  });
});
