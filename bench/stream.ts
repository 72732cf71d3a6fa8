// How many logs a second one busy core brings from events to a gRPC client on loopback.
//   node bench/stream.ts [seconds]
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PolicyStatus } from '@kubearmor/protocol';
import { Counters, createLogger, createSystemClock } from '@kubearmor/service';
import {
  eventTime,
  logText,
  resultText,
  type Alert,
  type LogCall,
  type LogEvent,
  type LogProcess,
} from '@kubearmor/telemetry';
import { GrpcServer } from '../apps/kubearmor/dist/grpc/server/grpc-server.js';
import { EventFeeds } from '../apps/kubearmor/dist/grpc/streams/event-feeds.js';

const SELF = fileURLToPath(import.meta.url);
const OUT = fileURLToPath(new URL('./out/stream.json', import.meta.url));
const BATCH = 512;
const PROCESSES = 200;
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;
const GRPC_PREFIX_BYTES = 5;
const ALERTS_PER_SECOND = 10_000;
const ALERT_TICK_MS = 2;

/** What the server says of itself. */
interface ServerState {
  readonly cpu: NodeJS.CpuUsage;
  readonly clients: readonly {
    readonly feed: string;
    readonly dropped: number;
    readonly queuedBytes: number;
  }[];
  readonly alertsWritten: number;
  readonly rssMb: number;
}

interface Measured {
  readonly messages: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly dropped: number;
}

/** Events as a busy container makes them: some hundred processes, a few kinds of calls, a path for each. */
function createEvents(): LogEvent[] {
  const workload = {
    Type: 'ContainerLog',
    NamespaceName: 'wordpress-mysql',
    Owner: { Ref: 'Deployment', Name: 'wordpress', Namespace: 'wordpress-mysql' },
    PodName: 'wordpress-787f45786f-2q9wf',
    Labels: 'app=wordpress,tier=frontend',
    ContainerID: '72de193fc8d849cd12ea6037354631f222556b2de000ce7e25eb4357bea041b3',
    ContainerName: 'wordpress',
    ContainerImage: 'docker.io/library/wordpress:4.8-apache@sha256:6216f64a',
  } as const;
  const processes = Array.from({ length: PROCESSES }, (_, index): LogProcess => ({
    HostPPID: 2_001,
    HostPID: 2_002 + index,
    PPID: 190,
    PID: 195 + index,
    UID: 33,
    ParentProcessName: '/usr/sbin/apache2',
    ProcessName: '/usr/local/bin/php',
    Source: '/usr/local/bin/php /var/www/html/index.php',
    Cwd: '/var/www/html/',
    TTY: 'pts0',
    ExecEvent: { ExecID: String(824_416_229_130_095 + index), ExecutableName: 'php' },
  }));
  const calls = [0, 0o2000000, 0o1101].map((openFlags): LogCall & { Resource: string } => {
    const text = logText({
      kind: 'file',
      path: '/x',
      trace: { kind: 'syscall', name: 'openat', fd: -100, openFlags },
    });
    return { ...text, Result: resultText(openFlags === 0 ? -2 : 0) };
  });
  const start = Date.now() * 1000;
  return Array.from({ length: BATCH * 8 }, (_, index): LogEvent => ({
    atUs: start + index * 3,
    workload,
    process: processes[index % PROCESSES] as LogProcess,
    call: calls[index % calls.length] as LogCall,
    Resource: `/var/www/html/wp-content/plugins/akismet/views/notice-${index}.php`,
  }));
}

async function serve(socket: string): Promise<void> {
  const feeds = new EventFeeds(
    { counters: new Counters(), clock: createSystemClock() },
    {
      node: { ClusterName: 'default', HostName: 'node-1', NodeID: '9f1c' },
      maxLogBytes: 2 * MAX_QUEUED_BYTES,
    },
  );
  const server = new GrpcServer(
    {
      feeds,
      policies: { apply: () => Promise.resolve(PolicyStatus.NotEnabled) },
      probe: { probe: () => Promise.resolve({ host: 'x', containers: [], hostPolicies: [] }) },
      isWorkload: () => false,
      logger: createLogger({ level: 'silent' }),
    },
    { socket, tcp: { host: '127.0.0.1', port: 0 } },
  );
  await server.start();
  process.send?.({ port: server.ports.tcp });
  const events = createEvents();
  let at = 0;
  const feed = (): void => {
    const queued = server.clients.find((client) => client.feed === 'logs')?.queuedBytes ?? 0;
    // Waiting for a client must not count as work.
    if (!feeds.logs.isWatched || queued > MAX_QUEUED_BYTES) {
      setTimeout(feed, 1);
      return;
    }
    feeds.logs.write(events.slice(at, at + BATCH));
    at = (at + BATCH) % events.length;
    setImmediate(feed);
  };
  feed();
  let alertsWritten = 0;
  let startedAtMs = 0;
  setInterval(() => {
    const { clients } = server;
    if (!clients.some((client) => client.feed === 'alerts')) {
      startedAtMs = 0;
      return;
    }
    if (startedAtMs === 0) [startedAtMs, alertsWritten] = [performance.now(), 0];
    const due = ((performance.now() - startedAtMs) / 1000) * ALERTS_PER_SECOND;
    for (; alertsWritten < due; alertsWritten++) feeds.alerts.write(createAlertNow());
  }, ALERT_TICK_MS);
  process.on('message', (message) => {
    if (message !== 'state') process.exit(0);
    const rssMb = process.memoryUsage.rss() / 1024 / 1024;
    process.send?.({ cpu: process.cpuUsage(), clients: server.clients, alertsWritten, rssMb });
  });
  process.on('disconnect', () => process.exit(0));
}

/** An alert of this moment: its Message says when, for the latency. */
function createAlertNow(): Alert {
  return {
    ...eventTime(BigInt(Date.now()) * 1_000_000n),
    HostName: 'node-1',
    NamespaceName: 'wordpress-mysql',
    PodName: 'wordpress-787f45786f-2q9wf',
    HostPID: 2_002,
    PPID: 190,
    PID: 195,
    UID: 33,
    Type: 'MatchedPolicy',
    PolicyName: 'harden-wordpress',
    Severity: '5',
    Message: String(Date.now()),
    Operation: 'File',
    Source: '/usr/local/bin/php /var/www/html/index.php',
    Resource: '/etc/shadow',
    Data: 'syscall=SYS_OPENAT fd=-100 flags=O_RDONLY',
    EventData: { Rule: 'KubeArmorPolicy/wordpress-mysql/harden-wordpress#file.matchPaths[0]' },
    Enforcer: 'Guard',
    Action: 'Block',
    Result: 'Permission denied',
  };
}

async function askChild(child: ChildProcess): Promise<ServerState> {
  const answer = once(child, 'message');
  child.send('state');
  const [state] = (await answer) as [ServerState];
  return state;
}

/** Counts frames as they come: the client's own work must not be what limits. */
async function measure(
  child: ChildProcess,
  address: string,
  path: string | undefined,
  seconds: number,
): Promise<Measured> {
  const session = await openSession(address, path);
  const stream = watch(session, 'WatchLogs');
  const counted = { messages: 0, bytes: 0 };
  countFrames(stream, counted);
  await once(stream, 'data');
  await sleep(500);
  const before = { ...counted, ...(await askChild(child)), at: performance.now() };
  await sleep(seconds * 1000);
  const after = { ...counted, ...(await askChild(child)), at: performance.now() };
  session.destroy();
  const cpuUs = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  return {
    messages: after.messages - before.messages,
    bytes: after.bytes - before.bytes,
    seconds: (after.at - before.at) / 1000,
    cpuSeconds: cpuUs / 1e6,
    dropped: after.clients.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}

async function openSession(address: string, path?: string): Promise<ClientHttp2Session> {
  const session = connect(address, {
    ...(path === undefined ? {} : { createConnection: () => connectSocket(path) }),
    settings: { initialWindowSize: 4 * 1024 * 1024, maxFrameSize: 1024 * 1024 },
  });
  await once(session, 'connect');
  session.setLocalWindowSize(16 * 1024 * 1024);
  return session;
}

function watch(session: ClientHttp2Session, method: string): ClientHttp2Stream {
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: `/feeder.LogService/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const filter = Buffer.from('all');
  stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, filter.length + 2, 0x0a, filter.length]), filter]));
  return stream;
}

/** Logs at full rate and alerts beside them on one connection, as `karmor logs --logFilter all` has them. */
async function measureAlerts(
  child: ChildProcess,
  address: string,
  seconds: number,
): Promise<Record<string, number>> {
  const session = await openSession(address);
  const logs = { messages: 0, bytes: 0 };
  countFrames(watch(session, 'WatchLogs'), logs);
  const alerts = watch(session, 'WatchAlerts');
  const latenciesMs: number[] = [];
  // The moment stands in the alert as thirteen digits after the tag of Message and their number.
  const marker = Buffer.from([0x82, 0x01, 13]);
  alerts.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf(marker); at >= 0; at = chunk.indexOf(marker, at + 16)) {
      latenciesMs.push(Date.now() - Number(chunk.toString('latin1', at + 3, at + 16)));
    }
  });
  await sleep(seconds * 1000);
  const state = await askChild(child);
  session.destroy();
  latenciesMs.sort((a, b) => a - b);
  const quantile = (share: number): number => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0;
  const dropped = state.clients.find(({ feed }) => feed === 'alerts')?.dropped ?? 0;
  return {
    alerts_per_second: Math.round(state.alertsWritten / seconds),
    alerts_dropped: dropped,
    alerts_latency_p50_ms: quantile(0.5),
    alerts_latency_p99_ms: quantile(0.99),
    alerts_beside_logs_per_second: Math.round(logs.messages / seconds),
    rss_load_mb: Math.round(state.rssMb),
  };
}

function countFrames(stream: NodeJS.ReadableStream, counted: { messages: number; bytes: number }): void {
  let header = Buffer.alloc(0);
  let left = 0;
  stream.on('data', (chunk: Buffer) => {
    counted.bytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const skipped = Math.min(left, chunk.length - at);
        left -= skipped;
        at += skipped;
        continue;
      }
      const wanted = Math.min(GRPC_PREFIX_BYTES - header.length, chunk.length - at);
      header = Buffer.concat([header, chunk.subarray(at, at + wanted)]);
      at += wanted;
      if (header.length < GRPC_PREFIX_BYTES) break;
      left = header.readUInt32BE(1);
      counted.messages += 1;
      header = Buffer.alloc(0);
    }
  });
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function main(seconds: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'stream-'));
  const socket = join(directory, 's');
  const child = spawn(process.execPath, [SELF, '--serve', socket], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const results: Record<string, number> = {};
  for (const [name, address, path] of [
    ['loopback', `http://127.0.0.1:${port}`, undefined],
    ['unix', 'http://localhost', socket],
  ] as const) {
    const measured = await measure(child, address, path, seconds);
    results[`stream_messages_per_second_${name}`] = Math.round(measured.messages / measured.seconds);
    results[`stream_events_per_core_second_${name}`] = Math.round(measured.messages / measured.cpuSeconds);
    results[`stream_bytes_per_message_${name}`] = Math.round(measured.bytes / measured.messages);
    results[`stream_dropped_${name}`] = measured.dropped;
  }
  Object.assign(results, await measureAlerts(child, `http://127.0.0.1:${port}`, seconds));
  child.send('stop');
  await once(child, 'exit');
  rmSync(directory, { recursive: true });
  mkdirSync(dirname(OUT), { recursive: true });
  writeFileSync(OUT, `${JSON.stringify(results, null, 2)}\n`);
  console.log(results);
}

const [mode, argument] = process.argv.slice(2);
if (mode === '--serve') await serve(argument ?? '');
else await main(Number(mode ?? 5));
