import { describe, expect, it } from 'vitest';
import { formatLogJson } from './json-format.js';
import { logText, type LogFacts } from './log-call-text.js';
import { createLog, type LogEvent, type LogProcess, type LogWorkload } from './log-event.js';
import { formatLegacyLogJson } from './log-legacy-json-format.js';
import { resultText } from './result-text.js';
import { formatLogText } from './text-format.js';

const AT_US = 1_779_682_499_566_130;
const AF_INET = 2;
const AF_INET6 = 10;
const EACCES = 13;

const container: LogWorkload = {
  Type: 'ContainerLog',
  NamespaceName: 'wordpress-mysql',
  Owner: { Ref: 'Deployment', Name: 'wordpress', Namespace: 'wordpress-mysql' },
  PodName: 'wordpress-787f45786f-2q9wf',
  Labels: 'app=wordpress',
  ContainerID: '72de193fc8d849cd',
  ContainerName: 'wordpress',
  ContainerImage: 'docker.io/library/wordpress:4.8-apache@sha256:6216f64a',
};

const bash: LogProcess = {
  HostPPID: 2_001,
  HostPID: 2_002,
  PPID: 190,
  PID: 195,
  UID: 0,
  ParentProcessName: '/usr/bin/containerd-shim-runc-v2',
  ProcessName: '/usr/bin/bash',
  Source: '/usr/bin/bash -c true',
  Cwd: '/var/www/html/',
  TTY: 'pts0',
  ExecEvent: { ExecID: '824416229130095', ExecutableName: 'bash' },
};

function event(facts: LogFacts, more: Partial<LogEvent> = {}, returned = 0): LogEvent {
  const { Operation, Resource, Data } = logText(facts);
  const call = { Operation, Data, Result: resultText(returned) };
  return { atUs: AT_US, workload: container, process: bash, call, Resource, ...more };
}

function file(name: string, more: object = {}): LogFacts {
  return { kind: 'file', path: '/etc/shadow', trace: { kind: 'syscall', name, ...more } };
}

const cases: Readonly<Record<string, LogEvent>> = {
  execve: event(
    {
      kind: 'process',
      path: '/usr/bin/apt',
      args: ['install', 'netcat'],
      trace: { kind: 'syscall', name: 'execve' },
    },
    { Source: '/usr/bin/bash' },
  ),
  execveat: event({
    kind: 'process',
    path: '/proc/self/fd/3',
    args: [],
    trace: { kind: 'syscall', name: 'execveat', fd: 3, atFlags: 0x1000 },
  }),
  open: event(file('open', { openFlags: 0o1101 })),
  openat: event(file('openat', { fd: -100, openFlags: 0o2000000 }), {}, -EACCES),
  openat2: event(file('openat2', { fd: -100, openFlags: 0 }), {}, -EACCES),
  unlink: event(file('unlink')),
  unlinkat: event(file('unlinkat', { atFlags: 0x200 })),
  rmdir: event(file('rmdir')),
  chown: event(file('chown', { userId: 1000, groupId: 1000 })),
  fchownat: event(file('fchownat', { userId: 1000, groupId: 1000, mode: 0 })),
  renameat2: event({ kind: 'name', call: 'renameat2', path: '/tmp/a', target: '/tmp/b c' }),
  setuid: event({ kind: 'set-id', call: 'setuid', id: 33 }),
  setgid: event({ kind: 'set-id', call: 'setgid', id: 33 }, {}, -1),
  mount: event({
    kind: 'mount',
    source: 'none',
    target: '/mnt/x y',
    filesystem: 'tmpfs',
    flags: 6,
    data: '',
  }),
  umount: event({ kind: 'umount', target: '/mnt', flags: 2 }),
  ptrace: event({ kind: 'ptrace', request: 16, pid: 77, executable: '/usr/sbin/apache2' }),
  socket: event({
    kind: 'network',
    object: { kind: 'socket', family: AF_INET, type: 1 | 0o2000000, protocol: 0 },
    trace: { kind: 'syscall', name: 'socket' },
  }),
  connect: event({
    kind: 'network',
    object: { kind: 'inet', family: AF_INET, address: '10.0.0.10', port: 53 },
    trace: { kind: 'syscall', name: 'connect', fd: 10 },
  }),
  bind: event({
    kind: 'network',
    object: { kind: 'unix', path: '/run/a b.sock' },
    trace: { kind: 'syscall', name: 'bind', fd: 4 },
  }),
  listen: event({
    kind: 'network',
    object: { kind: 'none' },
    trace: { kind: 'syscall', name: 'listen', fd: 4 },
  }),
  'tcp-connect': event({ kind: 'tcp', way: 'connect', family: AF_INET, address: '10.0.0.10', port: 443 }),
  'tcp-accept': event({ kind: 'tcp', way: 'accept', family: AF_INET6, address: '::1', port: 40_000 }),
  dns: event({
    kind: 'dns',
    family: AF_INET,
    domain: 'google.com',
    server: '10.43.0.10',
    port: 53,
    queryType: 'AAAA',
  }),
  capabilities: event({
    kind: 'capabilities',
    capability: 'CAP_NET_RAW',
    trace: { kind: 'lsm', hook: 'CAPABLE' },
  }),
  host: event(file('openat', { fd: -100, openFlags: 0 }), {
    workload: { Type: 'HostLog' },
    process: { ...bash, PPID: 2_001, PID: 2_002, UserName: 'root', ProcessHash: 'ab', HashAlgo: 'sha256' },
    ResourceHash: 'cd',
  }),
};

const node = { ClusterName: 'default', HostName: 'node-1', NodeID: '9f1c' };

describe('renderings of a log', () => {
  for (const [name, parts] of Object.entries(cases)) {
    const log = createLog(parts, node);
    it(`${name}: JSON`, async () => {
      await expect(`${formatLogJson(log)}\n`).toMatchFileSnapshot(`golden/log-${name}.json.txt`);
    });
    it(`${name}: text`, async () => {
      await expect(`${formatLogText(log)}\n`).toMatchFileSnapshot(`golden/log-${name}.txt`);
    });
  }

  it('has an older spelling', async () => {
    const lines = Object.values(cases).map((parts) => `${formatLegacyLogJson(createLog(parts, node))}\n`);
    await expect(lines.join('')).toMatchFileSnapshot('golden/log.legacy.json.txt');
  });
});

describe('resultText', () => {
  for (const [returned, text] of [
    [0, 'Passed'],
    [3, 'Passed'],
    [-1, 'Operation not permitted'],
    [-EACCES, 'Permission denied'],
    [-133, 'Memory page has hardware error'],
    [-41, 'Unknown error'],
    [-512, 'Unknown error'],
  ] as const) {
    it(`calls ${returned} ${text}`, () => {
      expect(resultText(returned)).toBe(text);
    });
  }
});

describe('logText', () => {
  it('names what it can and prints the number of what it cannot', () => {
    expect(logText({ kind: 'ptrace', request: 99, pid: 1, executable: '/x' }).Data).toContain('request=99 ');
    expect(logText({ kind: 'umount', target: '/x', flags: 0 }).Data).toContain('flag=0');
  });

  it('keeps what a workload chose from adding words', () => {
    const { Data } = logText({ kind: 'name', call: 'rename', path: '/a', target: '/b Rule=x' });
    expect(Data).toBe('syscall=SYS_RENAME target=/b\\040Rule=x');
  });
});
