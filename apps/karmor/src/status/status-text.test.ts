import { describe, expect, it } from 'vitest';
import { parseStatus } from './agent-status.js';
import { formatStatus } from './status-text.js';

const containing = (text: string): unknown => expect.stringContaining(text);

const empty = {
  version: '0.1.0',
  enforcer: { kind: 'guard', reason: '' },
  onError: 'deny',
  capabilities: [],
  workloads: [],
  policies: [],
  problems: [],
  counters: {},
};

const full = {
  ...empty,
  enforcer: {
    kind: 'guard',
    reason: 'bpf is not in the list of LSMs',
    considered: [
      { enforcer: 'bpf', isTaken: false, reason: 'not in the list' },
      { enforcer: 'guard', isTaken: true, reason: 'works here' },
    ],
  },
  capabilities: [
    { name: 'bpf-lsm', available: false, reason: 'not in the list', consequence: 'chmod is not blocked' },
    { name: 'fanotify', available: true, reason: '', consequence: '' },
  ],
  workloads: [
    {
      id: 7,
      namespace: 'default',
      name: 'web',
      labels: { app: 'web', tier: 'front' },
      tasks: 3,
      policies: ['KubeArmorPolicy/default/a'],
      ruleSetHash: '0123456789abcdef',
      since: '2026-01-02T03:04:05.000Z',
      notEnforced: [{ rule: 'file.matchPaths[0]', reason: 'unlink is not seen' }],
      unwatched: ['/data'],
      problem: 'the map is full',
    },
  ],
  policies: [{ key: 'KubeArmorPolicy/default/a', file: '/etc/kubearmor/policies/a.yaml', workloads: [7] }],
  problems: [{ file: 'b.yaml', message: 'spec.action: expected Audit, Allow or Block' }],
  counters: { alerts: 12 },
};

describe('formatStatus', () => {
  it('says the least of an agent with nothing to do', () => {
    expect(formatStatus(parseStatus(empty))).toMatchInlineSnapshot(`
      "agent      0.1.0
      enforcer   guard
      on error   deny
      workloads  0
      policies   0
      "
    `);
  });

  it('lists workloads, policies and what is not enforced', () => {
    expect(formatStatus(parseStatus(full))).toMatchInlineSnapshot(`
      "agent      0.1.0
      enforcer   guard (bpf is not in the list of LSMs)
      on error   deny
      workloads  1
      policies   1

      ENFORCER  TAKEN  REASON
      bpf       no     not in the list
      guard     yes    works here

      NOT AVAILABLE HERE  REASON           CONSEQUENCE
      bpf-lsm             not in the list  chmod is not blocked

      ID  NAMESPACE  NAME  LABELS              TASKS  POLICIES                   RULE SET      SINCE
      7   default    web   app=web,tier=front  3      KubeArmorPolicy/default/a  0123456789ab  2026-01-02T03:04:05.000Z

      WORKLOAD     RULE NOT ENFORCED   REASON
      default/web  file.matchPaths[0]  unlink is not seen

      WORKLOAD     FILES NOT SEEN BELOW
      default/web  /data

      POLICY                     WORKLOADS  FILE
      KubeArmorPolicy/default/a  1          /etc/kubearmor/policies/a.yaml

      PROBLEM IN   WHAT
      b.yaml       spec.action: expected Audit, Allow or Block
      default/web  the map is full

      COUNTER  VALUE
      alerts   12
      "
    `);
  });
});

describe('parseStatus', () => {
  it('refuses what is no status, and says where', () => {
    expect(() => parseStatus({ ...empty, onError: 7 })).toThrow(
      expect.objectContaining({ code: 'ANSWER_MALFORMED', message: containing('onError') }),
    );
  });
});
