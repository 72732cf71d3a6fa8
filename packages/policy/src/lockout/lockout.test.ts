import { describe, expect, it } from 'vitest';
import { MemoryResolver } from '../testing/memory-resolver.js';
import { audit, block, policiesOf } from '../testing/policies.js';
import type { Policy } from '../language/policy.js';
import { describeLockout, lockout } from './lockout.js';

function hostPolicy(spec: object, kind = 'KubeArmorHostPolicy', annotations: object = {}): Policy {
  const selection =
    kind === 'KubeArmorHostPolicy' ? { nodeSelector: { matchLabels: { a: 'b' } } } : { selector: {} };
  const text = JSON.stringify({
    kind,
    metadata: { name: 'p', annotations },
    spec: { ...selection, ...spec },
  });
  const [policy] = policiesOf(text);
  if (policy === undefined) expect.fail('expected a policy');
  return policy;
}

const shadow = (rule: object = {}): object => ({
  file: { matchPaths: [{ path: '/etc/shadow', ...rule }], action: 'Block' },
});

describe('lockout', () => {
  it('finds what a rule without a source denies', () => {
    const found = lockout(hostPolicy(shadow()), { postures: audit });
    expect(found).toContainEqual({
      rule: 'KubeArmorHostPolicy//p#file.matchPaths[0]',
      role: 'sshd',
      program: '/usr/sbin/sshd',
      denied: '/etc/shadow',
    });
    expect(
      lockout(hostPolicy({ process: { matchPaths: [{ path: '/bin/bash' }] } }), { postures: audit }),
    ).not.toEqual([]);
    expect(
      lockout(hostPolicy({ network: { matchProtocols: [{ protocol: 'tcp' }] } }), { postures: audit }),
    ).toContainEqual(expect.objectContaining({ role: 'kubelet', denied: 'tcp' }));
  });

  it('leaves alone what names its sources, or is not needed', () => {
    expect(
      lockout(hostPolicy(shadow({ fromSource: [{ path: '/usr/sbin/sshd' }] })), { postures: audit }),
    ).toEqual([]);
    expect(lockout(hostPolicy({ file: { matchPaths: [{ path: '/opt/x' }] } }), { postures: block })).toEqual(
      [],
    );
    expect(lockout(hostPolicy(shadow({ readOnly: true })), { postures: audit })).toEqual([]);
  });

  it('finds what a posture denies', () => {
    const allowList = { process: { matchPaths: [{ path: '/usr/bin/ls' }] }, action: 'Allow' };
    expect(lockout(hostPolicy(allowList), { postures: block })[0]?.rule).toBe('posture:file');
    expect(lockout(hostPolicy(allowList), { postures: audit })).toEqual([]);
  });

  it('lets a policy through that says that it means it, and those of other kinds', () => {
    const annotations = { 'kubearmor.io/allow-lockout': 'true' };
    expect(lockout(hostPolicy(shadow(), 'KubeArmorHostPolicy', annotations), { postures: audit })).toEqual(
      [],
    );
    expect(lockout(hostPolicy(shadow(), 'KubeArmorPolicy'), { postures: audit })).toEqual([]);
  });

  it('goes by the links of the machine where it is given them', () => {
    const policy = hostPolicy({ file: { matchPaths: [{ path: '/opt/link' }] } });
    const resolver = new MemoryResolver({ links: { '/opt/link': '/etc/shadow' } });
    expect(lockout(policy, { postures: audit, resolver })).not.toEqual([]);
  });
});

describe('describeLockout', () => {
  it('says which rule would deny which path to whom', () => {
    const policy = hostPolicy({ file: { matchPaths: [{ path: '/etc/sudoers' }] } });
    const found = lockout(policy, { postures: audit });
    expect(describeLockout(policy, found)).toBe(
      'KubeArmorHostPolicy//p: expected a host policy that leaves the machine usable, but KubeArmorHostPolicy//p#file.matchPaths[0] would deny /etc/sudoers to login (/usr/bin/sudo); to apply it anyway annotate it with kubearmor.io/allow-lockout: "true"',
    );
    expect(describeLockout(policy, [...found, ...found])).toContain(', and 1 more like it;');
    expect(describeLockout(policy, [])).toBeUndefined();
  });
});
