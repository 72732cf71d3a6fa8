import { loadPolicies, type Policy } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { isAboutUnits, namedUnits } from './named-units.js';

function policy(selector: object, namespace = 'systemd'): Policy {
  const text = JSON.stringify({
    kind: 'KubeArmorPolicy',
    metadata: { name: 'p', namespace },
    spec: { selector },
  });
  const [loaded] = loadPolicies(text, { file: 'p' }).policies;
  if (loaded === undefined) expect.fail('expected a policy');
  return loaded;
}

const named = (selector: object): readonly string[] => namedUnits([policy(selector)]);

describe('namedUnits', () => {
  it('finds units by label, by expression and by container name', () => {
    expect(named({ matchLabels: { unit: 'nginx.service' } })).toEqual(['nginx.service']);
    expect(named({ matchLabels: { 'kubearmor.io/container.name': 'ssh\\.service' } })).toEqual([
      'ssh.service',
    ]);
    const values = ['unit=a@b.service', 'unit=c.service', 'slice=d.slice'];
    expect(named({ matchExpressions: [{ key: 'label', operator: 'In', values }] })).toEqual([
      'a@b.service',
      'c.service',
    ]);
  });

  it('finds none in what means several, or other workloads', () => {
    expect(named({ matchLabels: { slice: 'system.slice' } })).toEqual([]);
    expect(named({ matchLabels: { 'kubearmor.io/container.name': 'ssh.*' } })).toEqual([]);
    const other = policy({ matchLabels: { unit: 'nginx.service' } }, 'default');
    expect(isAboutUnits(other)).toBe(false);
    expect(namedUnits([other])).toEqual([]);
  });
});
