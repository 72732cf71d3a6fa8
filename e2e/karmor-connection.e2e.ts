import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolicyStatus } from '@kubearmor/protocol';
import { Counters, createLogger, createSystemClock } from '@kubearmor/service';
import type { Alert, LogEvent } from '@kubearmor/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { GrpcServer, type GrpcServerOptions } from '../apps/kubearmor/dist/grpc/server/grpc-server.js';
import { EventFeeds } from '../apps/kubearmor/dist/grpc/streams/event-feeds.js';
import { TlsSource } from '../apps/kubearmor/dist/grpc/tls/tls-source.js';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { karmor, KarmorChild } from './karmor/karmor-child.ts';
import { until } from './until.ts';

const TEST_MS = 120_000;
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const policy = `kind: KubeArmorPolicy
metadata: { name: tried, namespace: one }
spec: { selector: { matchLabels: { app: web } }, file: { matchPaths: [{ path: /etc/hosts }] }, action: Block }
`;

const alert: Alert = {
  Timestamp: 1_779_682_499,
  UpdatedTime: '2026-05-25T04:14:59.566130Z',
  PPID: 1,
  UID: 0,
  Type: 'MatchedPolicy',
  Operation: 'File',
  Resource: '/etc/hosts',
};
const log: LogEvent = {
  atUs: 1_779_682_499_566_130,
  workload: { Type: 'ContainerLog', PodName: 'web-0' },
  process: { PPID: 1, PID: 42, UID: 0, Source: '/usr/bin/cat' },
  call: { Operation: 'File', Data: 'syscall=SYS_OPEN', Result: 'Passed' },
  Resource: '/etc/passwd',
};

interface Serving {
  readonly feeds: EventFeeds;
  readonly directory: string;
  readonly port: number;
}

async function serve(
  options: (directory: string) => Partial<GrpcServerOptions> = () => ({}),
): Promise<Serving> {
  const directory = mkdtempSync(join(tmpdir(), 'karmor-e2e-'));
  cleanups.push(() => {
    rmSync(directory, { recursive: true });
  });
  const feeds = new EventFeeds(
    { counters: new Counters(), clock: createSystemClock() },
    { node: { ClusterName: 'default', HostName: 'node-1' } },
  );
  const server = new GrpcServer(
    {
      feeds,
      policies: { apply: () => Promise.resolve(PolicyStatus.Applied) },
      probe: { probe: () => Promise.resolve({ host: 'node-1', containers: [], hostPolicies: [] }) },
      isWorkload: () => false,
      logger: createLogger({ level: 'silent' }),
    },
    { socket: join(directory, 'grpc.sock'), ...options(directory) },
  );
  await server.start();
  cleanups.push(() => server.stop());
  return { feeds, directory, port: server.ports.tcp ?? 0 };
}

describe('karmor logs', { timeout: TEST_MS }, () => {
  it('writes alerts, logs and messages, and says what was dropped', async () => {
    const { feeds, directory } = await serve();
    const flags = ['--run-dir', directory, '--logFilter', 'all', '--msgPath', join(directory, 'messages')];
    await using logs = new KarmorChild(['logs', ...flags, '--limit', '2']);
    for (const stream of ['alerts', 'logs', 'messages']) {
      await logs.untilWritten('stderr', new RegExp(`Started to watch ${stream}`));
    }
    feeds.tell('WARN', 'dropped 3 logs for client pid:1: slow-client');
    await logs.untilWritten('stderr', /The agent says: dropped 3 logs/);
    feeds.alerts.write(alert);
    feeds.logs.write([log]);
    const { status, stdout } = await logs.result();
    expect(status).toBe(0);
    expect(stdout).toContain('== Alert / 2026-05-25 04:14:59.566130 ==\nType: MatchedPolicy\n');
    expect(stdout).toContain(
      '== Log / 2026-05-25 04:14:59.566130 ==\nClusterName: default\nHostName: node-1\n',
    );
  });

  it('shows a certificate, given or made with the authority’s key', async () => {
    const { feeds, directory, port } = await serve((own) => {
      createPki(own);
      const tls = new TlsSource({ directory: own, provider: 'self', names: ['localhost'] });
      return { tcp: { host: '127.0.0.1', port: 0, tls } };
    });
    const address = ['--gRPC', `localhost:${port}`, '--limit', '1'];
    const secure = [...address, '--secure', '--tlsCertPath', directory, '--tlsCertProvider'];
    for (const provider of ['external', 'self']) {
      await using logs = new KarmorChild(['logs', ...secure, provider]);
      await logs.untilWritten('stderr', /Started to watch alerts/);
      feeds.alerts.write(alert);
      expect(await logs.result()).toMatchObject({ status: 0 });
    }
    const plain = await karmor(['logs', ...address]);
    expect(plain.status).toBe(1);
    expect(plain.stderr).toMatch(/karmor: SERVER_UNREACHABLE: .*--secure/);
  });

  it('tries a lost connection again, and says so', async () => {
    await using machine = await GuardedMachine.start();
    await using logs = new KarmorChild(['logs', '--run-dir', machine.runDirectory, '--json']);
    await logs.untilWritten('stderr', /Started to watch alerts/);
    await machine.signalAgent('SIGKILL');
    await logs.untilWritten('stderr', /Lost the connection: .*trying again/);
    await machine.startAgent();
    await logs.untilWritten('stderr', /Connected again[^]*Started to watch alerts/);
    machine.writePolicy('p.yaml', policy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const flags = ['--run-dir', machine.runDirectory, '--namespace', 'one', '--label', 'app=web'];
    await karmor(['run', ...flags, '--', '/bin/cat', '/etc/hosts']);
    await logs.untilWritten('stdout', /"PolicyName":"tried"/);
    logs.interrupt();
    expect((await logs.result()).status).toBe(0);
  });
});

describe('karmor vm policy add --confirm', { timeout: TEST_MS }, () => {
  it('is taken back although the agent was killed meanwhile', async () => {
    await using machine = await GuardedMachine.start();
    const here = ['--run-dir', machine.runDirectory];
    const file = join(machine.directory, 'given.yaml');
    writeFileSync(file, policy);
    const added = await karmor(['vm', 'policy', 'add', file, '--confirm', '8s', ...here]);
    expect(added).toMatchObject({ status: 0, stdout: 'Policy Applied \n' });
    await machine.signalAgent('SIGKILL');
    expect(readdirSync(join(machine.directory, 'state/grpc-policies'))).toHaveLength(1);
    await machine.startAgent();
    await machine.untilStatus('no policy', ({ policies }) => policies.length === 0, 20_000);
    const gone = await until(() => (machine.log().includes('is taken back') ? true : undefined), {
      timeoutMs: 5_000,
    });
    expect(gone).toBe(true);
  });
});

function createPki(directory: string): void {
  const openssl = (...args: string[]): unknown =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=ca', '-days', '1');
  openssl('req', ...key, '-keyout', 'client.key', '-out', 'client.csr', '-subj', '/CN=client');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1'];
  openssl('x509', '-req', '-in', 'client.csr', '-out', 'client.crt', ...signed);
}
