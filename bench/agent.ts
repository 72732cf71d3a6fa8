import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedMachine } from '../e2e/failure/guarded-machine.ts';
import { files } from '../e2e/failure/storm-image.ts';
import { StormScope } from '../e2e/failure/storm-scope.ts';
import type { Task } from '../e2e/failure/storm.ts';
import { FeedClient } from '../e2e/telemetry/feed-client.ts';
import { readFields } from '../e2e/telemetry/read-fields.ts';
import { dropped, parseTelemetryStatus, type TelemetryStatus } from '../e2e/telemetry/telemetry-status.ts';
import { median, type Result } from './result.ts';

const TURN_MS = 6000;
const WARM_MS = 1500;
const REST_MS = 4000;
const TICKS_PER_SECOND = 100;
/** Every message would make the client what limits. */
const SAMPLE = 64;
const UPDATED_TIME = 2;

const FLOOD: readonly Task[] = [{ kind: 'fresh', target: files.many }];
const STEADY: readonly Task[] = [{ kind: 'fresh', target: files.many, pauseUs: 20 }];
const DENIED: readonly Task[] = [{ kind: 'tcp', target: '9', pauseUs: 50 }];

interface Measured {
  readonly messages: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How often the load did its work in a second. */
  readonly rate: number;
}

/** The streams from the kernel to a gRPC client, against the same load with the agent off. */
export async function measureAgent(machine: GuardedMachine): Promise<readonly Result[]> {
  await sleep(REST_MS);
  const restMb = rssMb(machine.agentPid);
  const before = await statusOf(machine);
  const flood = await measure(machine, 'WatchLogs', FLOOD, 'bench');
  const steady = await measure(machine, 'WatchLogs', STEADY, 'bench');
  const after = await statusOf(machine);
  const alerts = await measure(machine, 'WatchAlerts', DENIED, 'storm');
  await machine.release();
  const bare = await rateOf(machine, FLOOD);
  await machine.startAgent();
  return [
    { name: 'stream_events_per_core_second', value: perCore(flood), unit: '1/s', baseline: NaN },
    { name: 'stream_events_per_second', value: perSecond(flood), unit: '1/s', baseline: NaN },
    { name: 'cpu_us_per_event', value: 1e6 / perCore(flood), unit: 'µs', baseline: NaN },
    { name: 'uncounted_loss', value: uncounted(after) - uncounted(before), unit: 'events', baseline: 0 },
    { name: 'rss_rest_mb', value: restMb, unit: 'MiB', baseline: NaN },
    { name: 'rss_load_mb', value: flood.rssMb, unit: 'MiB', baseline: restMb },
    { name: 'latency_rate', value: perSecond(steady), unit: '1/s', baseline: NaN },
    { name: 'latency_p50_ms', value: steady.p50Ms, unit: 'ms', baseline: NaN },
    { name: 'latency_p99_ms', value: steady.p99Ms, unit: 'ms', baseline: NaN },
    { name: 'alert_rate', value: perSecond(alerts), unit: '1/s', baseline: NaN },
    { name: 'alert_latency_p50_ms', value: alerts.p50Ms, unit: 'ms', baseline: NaN },
    { name: 'alert_latency_p99_ms', value: alerts.p99Ms, unit: 'ms', baseline: NaN },
    { name: 'load_rate', value: flood.rate, unit: '1/s', baseline: bare },
    { name: 'load_rate_ratio', value: flood.rate / bare, unit: 'ratio', baseline: 1 },
  ];
}

async function measure(
  machine: GuardedMachine,
  method: string,
  tasks: readonly Task[],
  app: string,
): Promise<Measured> {
  const latenciesMs: number[] = [];
  let seen = 0;
  await using client = await FeedClient.watch(machine.grpcSocket, method, (message) => {
    if (seen++ % SAMPLE === 0)
      latenciesMs.push(Date.now() - Date.parse(String(readFields(message).get(UPDATED_TIME))));
  });
  const scope = await StormScope.start(machine, tasks, { app });
  await sleep(WARM_MS);
  latenciesMs.length = 0;
  const start = { messages: client.received, cpu: cpuSeconds(machine.agentPid), at: performance.now() };
  await sleep(TURN_MS);
  const seconds = (performance.now() - start.at) / 1000;
  const measured = {
    messages: client.received - start.messages,
    cpuSeconds: cpuSeconds(machine.agentPid) - start.cpu,
    rssMb: rssMb(machine.agentPid),
  };
  await scope.end();
  const rate = (scope.storm.total(firstOf(tasks)).passed * 1000) / (TURN_MS + WARM_MS);
  await machine.call('scope.remove', { id: scope.id });
  await untilQuiet(client);
  latenciesMs.sort((a, b) => a - b);
  const quantile = (share: number): number => latenciesMs[Math.floor(latenciesMs.length * share)] ?? NaN;
  return { ...measured, seconds, rate, p50Ms: median(latenciesMs), p99Ms: quantile(0.99) };
}

// The same processes in the same namespaces, of which no agent hears.
async function rateOf(machine: GuardedMachine, tasks: readonly Task[]): Promise<number> {
  const scope = await StormScope.start(machine, tasks, { app: null });
  await sleep(TURN_MS + WARM_MS);
  await scope.end();
  return (scope.storm.total(firstOf(tasks)).passed * 1000) / (TURN_MS + WARM_MS);
}

function firstOf(tasks: readonly Task[]): Task {
  const [first] = tasks;
  return first ?? { kind: 'fork', target: '-' };
}

async function untilQuiet(client: FeedClient): Promise<void> {
  for (let last = -1; client.received !== last;) {
    last = client.received;
    await sleep(500);
  }
}

/** What was neither told nor counted as lost. */
function uncounted(status: TelemetryStatus): number {
  const { kernel, read, invalid, logs } = status.monitor.counts;
  const sent = status.counters['stream_sent.logs'] ?? 0;
  const lostInKernel = kernel.events - read - invalid - kernel.ringFull - kernel.busy;
  const lostLater = dropped(status, 'logs', 'slow-client') + dropped(status, 'logs', 'gone');
  return lostInKernel + logs - sent - lostLater;
}

async function statusOf(machine: GuardedMachine): Promise<TelemetryStatus> {
  return parseTelemetryStatus(await machine.call('status'));
}

function perCore({ messages, cpuSeconds: cpu }: Measured): number {
  return messages / cpu;
}

function perSecond({ messages, seconds }: Measured): number {
  return messages / seconds;
}

function cpuSeconds(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const words = rest.split(' ').map(Number);
  return ((words[11] ?? 0) + (words[12] ?? 0)) / TICKS_PER_SECOND;
}

function rssMb(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? NaN) / 1024;
}
