import type { Decision } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { composeAlert } from './compose-alert.js';
import type { AlertOperation, GuardAlert } from './guard-alert.js';

const decision: Decision = {
  verdict: 'deny',
  alert: {
    policyName: 'p',
    policyKey: 'KubeArmorPolicy/n/p',
    rule: 'KubeArmorPolicy/n/p#process.matchPaths[0]',
    action: 'Block',
    severity: 5,
    tags: [],
    message: '',
  },
};

function compose(operation: AlertOperation): ReturnType<typeof composeAlert> {
  const raised: GuardAlert = {
    workload: 7,
    timeNs: '1779682499566130789',
    decision,
    isEnforced: true,
    process: {
      hostPid: 42,
      hostParentPid: 41,
      pid: 3,
      uid: 0,
      exe: '/usr/bin/bash',
      parentExe: '/usr/bin/runner',
      commandLine: 'bash -c x',
      cwd: '/',
      tty: '',
    },
    operation,
  };
  const node = { ClusterName: 'default', HostName: 'n', KubeArmorVersion: 'v1' };
  return composeAlert(raised, { node, workload: { ContainerName: 'web' } });
}

describe('composeAlert', () => {
  it('tells an exec as the child of who asks for it', () => {
    const operation = { kind: 'process', path: '/usr/bin/id', argv: ['-u'], syscall: 'execve' } as const;
    expect(compose(operation)).toMatchObject({
      Source: '/usr/bin/bash',
      ParentProcessName: '/usr/bin/bash',
      ProcessName: '/usr/bin/id',
      Resource: '/usr/bin/id -u',
    });
  });

  it('tells all else as what the process does, whose parent started it', () => {
    expect(compose({ kind: 'file', path: '/etc/shadow', syscall: 'open', flags: 0 })).toMatchObject({
      Source: 'bash -c x',
      ParentProcessName: '/usr/bin/runner',
      ProcessName: '/usr/bin/bash',
      Resource: '/etc/shadow',
    });
  });
});
