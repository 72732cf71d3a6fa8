import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
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
const REST_MS = 20_000;
const TICKS_PER_SECOND = 100;
/** Every message would make the client what limits. */
const SAMPLE = 64;
const UPDATED_TIME = 2;

const FLOOD: readonly Task[] = [{ kind: 'fresh', target: files.many }];
const STEADY: readonly Task[] = [{ kind: 'fresh', target: files.many, perSecond: 50_000 }];
const CALM: readonly Task[] = [{ kind: 'fresh', target: files.many, perSecond: 5000 }];
const DENIED: readonly Task[] = [{ kind: 'tcp', target: '9', perSecond: 10_000 }];

interface Measured {
  readonly messages: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How often the load did its work in a second, allowed or not. */
  readonly rate: number;
  /** How often it was refused, from its start to its end, and how many messages came in that time. */
  readonly refused: number;
  readonly received: number;
}

/** The streams from the kernel to a gRPC client, against the same load with the agent off. For an agent that has just started. */
export async function measureAgent(machine: GuardedMachine): Promise<readonly Result[]> {
  const [busyBefore = NaN] = loadavg();
  await sleep(REST_MS);
  const restMb = rssMb(machine.agentPid);
  const before = await statusOf(machine);
  const flood = await measure(machine, 'WatchLogs', FLOOD, 'bench');
  const steady = await measure(machine, 'WatchLogs', STEADY, 'bench');
  const calm = await measure(machine, 'WatchLogs', CALM, 'bench');
  const after = await statusOf(machine);
  const alerts = await measure(machine, 'WatchAlerts', DENIED, 'storm');
  const last = await statusOf(machine);
  await sleep(REST_MS);
  const afterwardsMb = rssMb(machine.agentPid);
  await machine.release();
  const bare = await rateOf(machine, FLOOD);
  await machine.startAgent();
  return [
    value('stream_events_per_core_second', perCore(flood), '1/s'),
    value('stream_events_per_second', perSecond(flood), '1/s'),
    value('cpu_us_per_event', 1e6 / perCore(flood), 'µs'),
    value('uncounted_loss', uncounted(after) - uncounted(before), 'events', 0),
    value('rss_rest_mb', restMb, 'MiB'),
    value('rss_load_mb', flood.rssMb, 'MiB', restMb),
    value('rss_after_load_mb', afterwardsMb, 'MiB', restMb),
    value('latency_rate', perSecond(steady), '1/s'),
    value('latency_p50_ms', steady.p50Ms, 'ms'),
    value('latency_p99_ms', steady.p99Ms, 'ms'),
    value('cpu_us_per_event_at_latency_rate', 1e6 / perCore(steady), 'µs'),
    value('calm_rate', perSecond(calm), '1/s'),
    value('calm_latency_p50_ms', calm.p50Ms, 'ms'),
    value('calm_latency_p99_ms', calm.p99Ms, 'ms'),
    value('cpu_us_per_event_at_calm_rate', 1e6 / perCore(calm), 'µs'),
    value('alert_rate', perSecond(alerts), '1/s'),
    value('alert_latency_p50_ms', alerts.p50Ms, 'ms'),
    value('alert_latency_p99_ms', alerts.p99Ms, 'ms'),
    value('uncounted_alert_loss', alerts.refused - alerts.received - alertsLost(last), 'alerts', 0),
    // What else ran at that time: with others on the processors, latencies are theirs.
    value('machine_load_average', busyBefore, 'tasks'),
    value('load_rate', flood.rate, '1/s', bare),
    value('load_rate_ratio', flood.rate / bare, 'ratio', 1),
  ];
}

function value(name: string, measured: number, unit: string, baseline = NaN): Result {
  return { name, value: measured, unit, baseline };
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
  const { passed, refused } = scope.storm.total(firstOf(tasks));
  const rate = ((passed + refused) * 1000) / (TURN_MS + WARM_MS);
  await machine.call('scope.remove', { id: scope.id });
  await untilQuiet(client);
  latenciesMs.sort((a, b) => a - b);
  const quantile = (share: number): number => latenciesMs[Math.floor(latenciesMs.length * share)] ?? NaN;
  const latencies = { p50Ms: median(latenciesMs), p99Ms: quantile(0.99) };
  return { ...measured, ...latencies, seconds, rate, refused, received: client.received };
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

function alertsLost(status: TelemetryStatus): number {
  const { eventsLost = 0, alertsDropped = 0 } = status.counters;
  return eventsLost + alertsDropped + dropped(status, 'alerts', 'slow-client');
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
