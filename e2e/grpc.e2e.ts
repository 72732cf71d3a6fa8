import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PolicyStatus } from '@kubearmor/protocol';
import { Counters, createLogger, createSystemClock } from '@kubearmor/service';
import { createLog, formatAlertJson, formatLogJson, type Alert, type LogEvent } from '@kubearmor/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { GrpcServer } from '../apps/kubearmor/dist/grpc/server/grpc-server.js';
import { EventFeeds } from '../apps/kubearmor/dist/grpc/streams/event-feeds.js';
import { AgentProcess } from './agent/agent-process.ts';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { places } from './places.ts';

const CLIENT = `${places.root}build/stock-client`;
const KARMOR = `${places.root}apps/karmor/bin/karmor`;
const LOGS = 10_000;
const TEST_MS = 60_000;
const node = { ClusterName: 'default', HostName: 'node-1' };
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const alert: Alert = {
  Timestamp: 1_779_682_499,
  UpdatedTime: '2026-05-25T04:14:59.566130Z',
  ...node,
  NamespaceName: 'web',
  Owner: { Ref: 'Deployment', Name: 'web', Namespace: 'web' },
  PodName: 'web-0',
  HostPID: 42,
  PPID: 0,
  PID: 7,
  UID: 0,
  PolicyName: 'p',
  Severity: '5',
  ATags: ['NIST', 'SI-4'],
  Type: 'MatchedPolicy',
  Operation: 'File',
  Resource: '/etc/shadow',
  Data: 'syscall=SYS_OPEN',
  Action: 'Block',
  Result: 'Permission denied',
};

const event: LogEvent = {
  atUs: 1_779_682_499_566_130,
  workload: { Type: 'ContainerLog', NamespaceName: 'web', PodName: 'web-0', Labels: 'app=web' },
  process: {
    HostPID: 42,
    PPID: 1,
    PID: 7,
    UID: 0,
    ProcessName: '/usr/bin/cat',
    Source: '/usr/bin/cat x',
    TTY: 'pts0',
  },
  call: { Operation: 'File', Data: 'syscall=SYS_OPENAT fd=-100 flags=O_RDONLY', Result: 'Passed' },
  Resource: '/etc/hosts',
};

interface Serving {
  readonly feeds: EventFeeds;
  readonly address: string;
  readonly socket: string;
  readonly pushed: unknown[];
}

async function serve(): Promise<Serving> {
  const directory = mkdtempSync(join(tmpdir(), 'kubearmor-e2e-grpc-'));
  const feeds = new EventFeeds({ counters: new Counters(), clock: createSystemClock() }, { node });
  const pushed: unknown[] = [];
  const server = new GrpcServer(
    {
      feeds,
      policies: {
        apply: (kind, type, object) => {
          pushed.push({ kind, type, object });
          return Promise.resolve(type === 'DELETED' ? PolicyStatus.Deleted : PolicyStatus.Applied);
        },
      },
      probe: {
        probe: () =>
          Promise.resolve({
            host: 'node-1',
            containers: [{ name: 'web', policies: [{ name: 'p' }] }],
            hostPolicies: [{ name: 'h', document: {} }],
          }),
      },
      isWorkload: () => false,
      logger: createLogger({ level: 'silent' }),
    },
    { socket: join(directory, 's'), tcp: { host: '127.0.0.1', port: 0 } },
  );
  await server.start();
  cleanups.push(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });
  const socket = `unix://${join(directory, 's')}`;
  return { feeds, address: `127.0.0.1:${server.ports.tcp ?? 0}`, socket, pushed };
}

/** Starts the client; resolves when it watches. */
async function watching(...args: string[]): Promise<ChildProcess> {
  const child = spawn(CLIENT, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  cleanups.push(() => child.kill());
  for await (const line of createInterface(child.stderr)) {
    if (line !== 'watching') expect.fail(line);
    break;
  }
  return child;
}

async function linesOf(child: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  if (child.stdout === null) return lines;
  for await (const line of createInterface(child.stdout)) lines.push(line);
  if (child.exitCode === null) await once(child, 'exit');
  return lines;
}

async function ask(...args: string[]): Promise<string> {
  const child = spawn(CLIENT, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints = child.stderr.toArray();
  const lines = await linesOf(child);
  return [...lines, Buffer.concat((await complaints) as Buffer[]).toString()].join('\n').trim();
}

// Go is not on every machine; `make test` builds the client where it is.
describe.skipIf(!existsSync(CLIENT))('a client of KubeArmor’s own Go module', { timeout: TEST_MS }, () => {
  it('reads alerts, in the JSON that we write ourselves', async () => {
    const { feeds, address } = await serve();
    const client = await watching(address, 'alerts', 'policy', '1');
    feeds.alerts.write(alert);
    expect(await linesOf(client)).toEqual([formatAlertJson(alert)]);
  });

  it(`reads ${LOGS} logs, each as it was and in order`, async () => {
    const { feeds, socket } = await serve();
    const client = await watching(socket, 'logs', 'system', String(LOGS));
    const events = Array.from({ length: LOGS }, (_, index) => ({
      ...event,
      atUs: event.atUs + index,
      Resource: `/${index}`,
    }));
    feeds.logs.write(events);
    // The module is of a time when EventData was not there yet.
    const expected = events.map((each) => formatLogJson({ ...createLog(each, node), EventData: {} }));
    expect(await linesOf(client)).toEqual(expected);
  });

  it('reads messages', async () => {
    const { feeds, address } = await serve();
    const client = await watching(address, 'messages', '', '1');
    feeds.tell('INFO', 'hello');
    const [line = ''] = await linesOf(client);
    expect(JSON.parse(line)).toMatchObject({ ...node, Type: 'Message', Level: 'INFO', Message: 'hello' });
  });

  it('ends for a filter that is not one', async () => {
    const { address } = await serve();
    expect(await ask(address, 'alerts', 'system', '1')).toContain('EOF');
  });

  it('finds that somebody is there, and what is in force', async () => {
    const { address } = await serve();
    expect(await ask(address, 'health', '42')).toBe('{"Retval":42}');
    // What follows the names is called otherwise in older modules.
    expect(JSON.parse(await ask(address, 'probe'))).toMatchObject({
      containerList: ['web'],
      containerMap: { web: { policyList: ['p'], policyEnabled: 1 } },
      hostMap: { 'node-1': { policyList: ['h'] } },
    });
  });

  it('pushes policies on the unix socket and not over TCP', async () => {
    const { address, socket, pushed } = await serve();
    const file = join(mkdtempSync(join(tmpdir(), 'kubearmor-e2e-grpc-')), 'p.json');
    cleanups.push(() => {
      rmSync(join(file, '..'), { recursive: true });
    });
    writeFileSync(file, '{"metadata":{"name":"p"},"spec":{}}');
    expect(await ask(socket, 'container-policy', 'ADDED', file)).toBe('Applied');
    expect(await ask(socket, 'host-policy', 'DELETED', file)).toBe('Deleted');
    expect(await ask(address, 'container-policy', 'ADDED', file)).toContain('PermissionDenied');
    expect(pushed).toHaveLength(2);
  });
});

const policy = {
  metadata: { name: 'keep-hosts', namespace: 'web', creationTimestamp: null },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    file: { matchPaths: [{ path: '/etc/hosts' }] },
    process: {},
    network: {},
    severity: 7,
    action: 'Block',
  },
};

describe.skipIf(!existsSync(CLIENT))('the agent, to such a client', { timeout: TEST_MS }, () => {
  it('takes a policy, enforces it, and tells of it', async () => {
    await using agent = await AgentProcess.start({ flags: ['--gRPC', '0', '--gRPCHealthPort', 'none'] });
    const socket = `unix://${join(agent.directory, 'run/grpc.sock')}`;
    const address = `127.0.0.1:${readFileSync(join(agent.directory, 'run/grpc.port'), 'utf8').trim()}`;
    const file = join(agent.directory, 'p.json');
    writeFileSync(file, JSON.stringify(policy));
    expect(await ask(address, 'container-policy', 'ADDED', file)).toContain('PermissionDenied');
    expect(await ask(socket, 'container-policy', 'ADDED', file)).toBe('Applied');
    expect((await agent.status()).policies).toMatchObject([{ key: 'KubeArmorPolicy/web/keep-hosts' }]);

    const client = await watching(address, 'alerts', 'all', '1');
    const flags = [
      'run',
      '--socket',
      agent.socket,
      '--name',
      'web',
      '--namespace',
      'web',
      '--label',
      'app=web',
    ];
    const ran = spawnSync(KARMOR, [...flags, '--', '/bin/cat', '/etc/hosts'], { encoding: 'utf8' });
    expect(ran.stderr).toMatch(/Permission denied|Operation not permitted/);
    const [line = ''] = await linesOf(client);
    expect(JSON.parse(line)).toMatchObject({
      PolicyName: 'keep-hosts',
      Severity: '7',
      Action: 'Block',
      Resource: '/etc/hosts',
      NamespaceName: 'web',
    });

    // From inside the workload: it must not be able to change its own rules.
    const inside = ['--', CLIENT, socket, 'container-policy', 'DELETED', file];
    const tried = spawnSync(KARMOR, [...flags, ...inside], { encoding: 'utf8' });
    expect(tried).toMatchObject({ status: 1, stdout: '' });
    expect((await agent.status()).policies).toHaveLength(1);

    expect(await ask(socket, 'container-policy', 'DELETED', file)).toBe('Deleted');
    expect(await ask(socket, 'container-policy', 'DELETED', file)).toBe('NotExist');
    expect((await agent.status()).policies).toEqual([]);
  });

  it('tells the state: what is there, and scopes and policies as they come and go', async () => {
    const flags = ['--gRPC', 'none', '--gRPCHealthPort', 'none', '--enableKubeArmorStateAgent'];
    await using agent = await AgentProcess.start({ flags });
    const socket = `unix://${join(agent.directory, 'run/grpc.sock')}`;
    expect(await ask(socket, 'state')).toMatch(/^added node \S+ \{.*"architecture":"(amd64|arm64)"/);

    const client = await watching(socket, 'watch-state', '5');
    const told = linesOf(client);
    const scope = [
      'run',
      '--socket',
      agent.socket,
      '--name',
      'web',
      '--namespace',
      'web',
      '--label',
      'app=web',
    ];
    // Too short-lived for who only looks now and then.
    const ran = spawnSync(KARMOR, [...scope, '--', '/bin/true'], { encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 0 });
    const lines = (await told).map((line) => /^(\S+ \S+) (\S+) (.*)$/.exec(line)?.slice(1) ?? []);
    expect(lines.map(([what, name]) => `${what} ${name}`)).toEqual([
      expect.stringMatching(/^added node /),
      'added namespace web',
      'added container web',
      'deleted container web',
      'deleted namespace web',
    ]);
    expect(JSON.parse(lines[2]?.[2] ?? '')).toMatchObject({
      containerName: 'web',
      namespaceName: 'web',
      labels: 'app=web',
      policyEnabled: 1,
      processVisibilityEnabled: true,
      policies: [],
    });
  });

  it('keeps a policy across its own death', async () => {
    await using machine = await GuardedMachine.start();
    const socket = `unix://${join(machine.directory, 'run/grpc.sock')}`;
    const file = join(machine.directory, 'p.json');
    writeFileSync(file, JSON.stringify(policy));
    expect(await ask(socket, 'container-policy', 'ADDED', file)).toBe('Applied');
    await machine.signalAgent('SIGKILL');
    await machine.startAgent();
    expect((await machine.status()).policies).toMatchObject([{ key: 'KubeArmorPolicy/web/keep-hosts' }]);
    expect(await ask(socket, 'container-policy', 'DELETED', file)).toBe('Deleted');
  });
});
