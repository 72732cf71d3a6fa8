// How many logs a second one busy core brings from events to a gRPC client on loopback.
//   node bench/stream.ts [seconds]
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, constants } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PolicyStatus } from '@kubearmor/protocol';
import { Counters, createLogger, createSystemClock } from '@kubearmor/service';
import { logText, resultText, type LogCall, type LogEvent, type LogProcess } from '@kubearmor/telemetry';
import { GrpcServer } from '../apps/kubearmor/dist/grpc/server/grpc-server.js';
import { EventFeeds } from '../apps/kubearmor/dist/grpc/streams/event-feeds.js';

const SELF = fileURLToPath(import.meta.url);
const OUT = fileURLToPath(new URL('./out/stream.json', import.meta.url));
const BATCH = 512;
const PROCESSES = 200;
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;
const GRPC_PREFIX_BYTES = 5;

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
    const queued = server.clients[0]?.queuedBytes ?? 0;
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
  process.on('message', (message) => {
    if (message === 'cpu') process.send?.({ cpu: process.cpuUsage(), client: server.clients[0] });
    else process.exit(0);
  });
  process.on('disconnect', () => process.exit(0));
}

async function askChild(child: ChildProcess): Promise<{ cpu: NodeJS.CpuUsage; client: { dropped: number } }> {
  const answer = once(child, 'message');
  child.send('cpu');
  const [value] = (await answer) as [{ cpu: NodeJS.CpuUsage; client: { dropped: number } }];
  return value;
}

/** Counts frames as they come: the client's own work must not be what limits. */
async function measure(
  child: ChildProcess,
  address: string,
  path: string | undefined,
  seconds: number,
): Promise<Measured> {
  const session = connect(address, {
    ...(path === undefined ? {} : { createConnection: () => connectSocket(path) }),
    settings: { initialWindowSize: 4 * 1024 * 1024, maxFrameSize: 1024 * 1024 },
  });
  await once(session, 'connect');
  session.setLocalWindowSize(16 * 1024 * 1024);
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: '/feeder.LogService/WatchLogs',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const filter = Buffer.from('all');
  stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, filter.length + 2, 0x0a, filter.length]), filter]));
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
    dropped: after.client.dropped - before.client.dropped,
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
