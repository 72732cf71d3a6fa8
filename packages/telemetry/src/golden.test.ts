import { describe, expect, it } from 'vitest';
import { createAlert, type AlertDecision, type AlertParts } from './create-alert.js';
import { formatAlertJson } from './json-format.js';
import { formatLegacyAlertJson } from './legacy-json-format.js';
import { operationText, type OperationFacts, type Trace } from './operation-text.js';
import { formatAlertText } from './text-format.js';
import { Throttle } from './throttle.js';
import type { Alert } from './alert.js';

const AT_NS = 1_779_682_499_566_130_789n;

const base: Omit<AlertParts, 'operation' | 'decision'> = {
  atNs: AT_NS,
  node: { ClusterName: 'default', HostName: 'node-1', NodeID: '9f1c', KubeArmorVersion: 'v1.7.0' },
  workload: {
    NamespaceName: 'wordpress-mysql',
    Owner: { Namespace: 'wordpress-mysql', Name: 'wordpress', Ref: 'Deployment' },
    PodName: 'wordpress-787f45786f-2q9wf',
    Labels: 'app=wordpress',
    ContainerID: '72de193fc8d849cd',
    ContainerName: 'wordpress',
    ContainerImage: 'docker.io/library/wordpress:4.8-apache@sha256:6216f64a',
  },
  process: {
    HostPPID: 2_001,
    HostPID: 2_002,
    PPID: 190,
    PID: 195,
    UID: 0,
    ParentProcessName: '/usr/bin/bash',
    ProcessName: '/usr/bin/apt',
    Cwd: '/var/www/html/',
    TTY: 'pts0',
    ExecEvent: { ExecID: '824416229130095', ExecutableName: 'bash' },
  },
};

const block: AlertDecision = {
  Type: 'MatchedPolicy',
  PolicyName: 'harden-wordpress',
  Severity: '5',
  Tags: 'NIST,SI-4',
  Message: 'not here',
  Action: 'Block',
  Result: 'Permission denied',
  Enforcer: 'BPFLSM',
  Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#process.matchPaths[0]',
};

function parts(facts: OperationFacts, decision: Partial<AlertDecision> = {}): AlertParts {
  return {
    ...base,
    decision: { ...block, ...decision },
    operation: { Source: '/usr/bin/bash', ...operationText(facts) },
  };
}

function hostParts(facts: OperationFacts, decision: Partial<AlertDecision>): AlertParts {
  const { node, atNs, process } = base;
  const hostDecision: Partial<AlertDecision> = { Type: 'MatchedHostPolicy', ...decision };
  const { operation, decision: merged } = parts(facts, hostDecision);
  return {
    atNs,
    node,
    process: { ...process, PPID: 2_001, PID: 2_002, UserName: 'root' },
    decision: merged,
    operation,
  };
}

const EXECVE: Trace = { kind: 'syscall', name: 'execve' };

const posture: Partial<AlertDecision> = {
  PolicyName: 'DefaultPosture',
  Severity: '',
  Tags: '',
  Message: '',
  Action: 'Audit',
  Result: 'Passed',
  Enforcer: 'Guard',
};

/** Of a Block that could not be, or was not to be, carried out. */
const seenOnly: Partial<AlertDecision> = {
  Action: 'Audit (Block)',
  Result: 'Passed',
  Enforcer: 'eBPF Monitor',
};

const cases: Readonly<Record<string, AlertParts>> = {
  process: parts({
    kind: 'process',
    path: '/usr/bin/apt',
    args: ['install', 'netcat'],
    trace: { kind: 'lsm', hook: 'SECURITY_BPRM_CHECK' },
  }),
  file: parts(
    {
      kind: 'file',
      path: '/etc/shadow',
      trace: { kind: 'syscall', name: 'openat', fd: -100, openFlags: 0o2000000 },
    },
    { Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#file.matchDirectories[1]', Enforcer: 'Guard' },
  ),
  'network-socket': parts(
    {
      kind: 'network',
      object: { kind: 'socket', family: 2, type: 1 | 0o2000000, protocol: 6 },
      trace: { kind: 'syscall', name: 'socket' },
    },
    { ...posture, Rule: 'posture:network' },
  ),
  'network-connect': parts(
    {
      kind: 'network',
      object: { kind: 'inet', family: 2, address: '10.0.0.10', port: 53 },
      trace: { kind: 'syscall', name: 'connect', fd: 10 },
    },
    { Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#network.matchProtocols[0]' },
  ),
  'network-bind': parts(
    {
      kind: 'network',
      object: { kind: 'inet', family: 10, address: '::1', port: 80 },
      trace: { kind: 'syscall', name: 'bind', fd: 4 },
    },
    { Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#network.matchProtocols[0]' },
  ),
  'network-sendto': parts(
    {
      kind: 'network',
      object: { kind: 'inet', family: 2, address: '10.0.0.10', port: 53 },
      trace: { kind: 'syscall', name: 'sendto' },
    },
    { Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#network.matchProtocols[1]', Enforcer: 'Guard' },
  ),
  'file-rename': parts(
    { kind: 'file', path: '/etc/shadow /tmp/x', trace: { kind: 'syscall', name: 'renameat2' } },
    { ...seenOnly, Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#file.matchPaths[0]' },
  ),
  'exec-script': parts(
    {
      kind: 'process',
      path: '/usr/bin/dash',
      args: ['./x.sh'],
      trace: { kind: 'syscall', name: 'execveat', fd: 3, atFlags: 0x1000 },
    },
    { Enforcer: 'Guard' },
  ),
  syscall: {
    ...parts({ kind: 'file', path: '', trace: { kind: 'syscall', name: 'unlink' } }),
    decision: {
      ...block,
      Action: 'Audit',
      Result: 'Passed',
      Enforcer: 'eBPF Monitor',
      Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#syscalls.matchSyscalls[0]',
    },
    operation: {
      Source: '/usr/bin/rm /tmp/x',
      Operation: 'Syscall',
      Resource: '/tmp/x',
      Data: 'syscall=SYS_UNLINK',
    },
  },
  capabilities: parts(
    { kind: 'capabilities', capability: 'CAP_NET_RAW', trace: { kind: 'lsm', hook: 'CAPABLE' } },
    { Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#capabilities.matchCapabilities[0]' },
  ),
  host: hostParts(
    { kind: 'file', path: '/sbin/raw', trace: { kind: 'syscall', name: 'unlinkat', atFlags: 0 } },
    { Rule: 'KubeArmorHostPolicy//integrity#file.matchPaths[0]', PolicyName: 'integrity' },
  ),
};

/** What the throttle tells when its window closes. */
function threshold(): Alert {
  const told: Alert[] = [];
  const clock = { nowMs: () => 0, wallNs: () => AT_NS };
  const throttle = new Throttle(
    { clock, report: (alert) => told.push(alert) },
    { maxAlertPerSec: 1, throttleSec: 30 },
  );
  const alert = createAlert(parts({ kind: 'process', path: '/usr/bin/apt', args: [], trace: EXECVE }));
  for (let count = 0; count < 13; count++) throttle.admits(alert, { workload: '1', rule: block.Rule });
  throttle.closeAll();
  const [notice = alert] = told;
  return notice;
}

describe('renderings of an alert', () => {
  const alerts = Object.entries(cases).map(([name, each]) => [name, createAlert(each)] as const);
  for (const [name, alert] of [...alerts, ['threshold', threshold()] as const]) {
    it(`${name}: JSON`, async () => {
      await expect(`${formatAlertJson(alert)}\n`).toMatchFileSnapshot(`golden/${name}.json.txt`);
    });
    it(`${name}: older JSON`, async () => {
      await expect(`${formatLegacyAlertJson(alert)}\n`).toMatchFileSnapshot(`golden/${name}.legacy.json.txt`);
    });
    it(`${name}: text`, async () => {
      await expect(`${formatAlertText(alert)}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
    });
  }
});
