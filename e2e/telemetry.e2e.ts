import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { files } from './failure/storm-image.ts';
import { stormPolicy } from './failure/storm-policy.ts';
import { StormScope } from './failure/storm-scope.ts';
import type { Task } from './failure/storm.ts';
import { places } from './places.ts';
import { FeedClient } from './telemetry/feed-client.ts';
import { MIXED, runLoad } from './telemetry/mixed-load.ts';
import { OrderCheck } from './telemetry/order-check.ts';
import { readFields } from './telemetry/read-fields.ts';
import { dropped, parseTelemetryStatus, type TelemetryStatus } from './telemetry/telemetry-status.ts';
import { until } from './until.ts';

const SECONDS = Number(process.env['KUBEARMOR_LOAD_SECONDS'] ?? 8);
const TEST_MS = SECONDS * 3000 + 180_000;
const KARMOR = `${places.root}apps/karmor/bin/karmor`;
const MANY_FILES = 10_000;
/** Where it is lost depends on who is slower, the client or the agent. */
const LOST = /dropped \d+ logs(?: for client pid:\d+: slow-client|: ring-full)/;
/** What an answerer that dies can have told already and not struck off: what it had read of the ring, and an open. */
const TOLD_TWICE = 16 + 1;
const ALERT = { Result: 23 } as const;
const CLIENT_PRIORITY = -9;
/** 10,000 alerts a second. */
const DENIED: readonly Task[] = [
  { kind: 'tcp', target: '9', perSecond: 8000 },
  { kind: 'read', target: files.denied, perSecond: 2000 },
];

function say(what: string, facts: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${what}: ${JSON.stringify(facts)}\n`);
}

async function statusOf(machine: GuardedMachine): Promise<TelemetryStatus> {
  return parseTelemetryStatus(await machine.call('status'));
}

/** Waits until nothing more is on its way to a client. */
async function untilReceived(machine: GuardedMachine, client: FeedClient): Promise<TelemetryStatus> {
  const settled = await until(
    async () => {
      const before = client.received;
      const status = await statusOf(machine);
      const waiting = status.clients.find(({ feed }) => feed === 'logs');
      const isDone = (waiting?.sent ?? 0) === before && client.received === before;
      const { kernel, read, invalid, logs } = status.monitor.counts;
      const isRead = read + invalid + kernel.ringFull + kernel.busy === kernel.events;
      return isDone && isRead && sumOf(status) === logs ? status : undefined;
    },
    { timeoutMs: 90_000, everyMs: 100 },
  );
  return settled ?? (await statusOf(machine));
}

function sumOf(status: TelemetryStatus): number {
  const client = status.clients.find(({ feed }) => feed === 'logs');
  return (client?.sent ?? 0) + (client?.dropped ?? 0);
}

describe('logs under a mixed load', () => {
  it(
    'are all there or counted, to the last one, and each process’s in order',
    { timeout: TEST_MS },
    async () => {
      await using machine = await GuardedMachine.start({ manyFiles: MANY_FILES });
      const order = new OrderCheck();
      await using client = await FeedClient.watch(machine.grpcSocket, 'WatchLogs', (message) => {
        order.take(message);
      });
      await runLoad(
        machine,
        [
          { app: 'one', tasks: MIXED },
          { app: 'two', tasks: MIXED },
        ],
        SECONDS,
      );
      const status = await untilReceived(machine, client);
      const { kernel, read, invalid, unknownWorkload, logs } = status.monitor.counts;
      say('mixed load', { ...status.monitor.counts, received: client.received, drops: status.drops });
      // What the kernel's programs counted.
      expect(read + invalid + kernel.ringFull + kernel.busy).toBe(kernel.events);
      expect({ invalid, unknownWorkload }).toEqual({ invalid: 0, unknownWorkload: 0 });
      // What was made of it, and what became of that.
      expect(client.received + dropped(status, 'logs', 'slow-client')).toBe(logs);
      expect(dropped(status, 'logs', 'ring-full')).toBe(kernel.ringFull);
      expect(dropped(status, 'logs', 'busy')).toBe(kernel.busy);
      expect(client.received).toBeGreaterThan(0);
      expect(order.compared).toBeGreaterThan(0);
      expect(order.outOfOrder).toBeUndefined();
    },
  );

  it(
    'are told to be lost, by cause and workload, to whoever watches messages',
    { timeout: TEST_MS },
    async () => {
      await using machine = await GuardedMachine.start({ manyFiles: MANY_FILES });
      const lines: string[] = [];
      await using messages = await FeedClient.watch(machine.grpcSocket, 'WatchMessages', (message) => {
        lines.push(message.toString('latin1'));
      });
      await using client = await FeedClient.watch(machine.grpcSocket, 'WatchLogs');
      client.pause();
      // However long it takes on this machine to fill what is kept for a client that does not read.
      const scope = await StormScope.start(machine, MIXED, { app: 'one' });
      const told = await until(() => lines.find((line) => LOST.test(line)), {
        timeoutMs: 60_000,
        everyMs: 100,
      });
      await scope.end();
      await machine.call('scope.remove', { id: scope.id });
      expect(messages.received).toBeGreaterThan(0);
      expect(told).toMatch(LOST);
      client.resume();
      const status = await untilReceived(machine, client);
      expect(client.received + dropped(status, 'logs', 'slow-client')).toBe(status.monitor.counts.logs);
    },
  );
});

describe('alerts while logs come at full rate', () => {
  afterEach(() => {
    setPriority(0);
  });

  it('are never lost', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start({ manyFiles: MANY_FILES });
    machine.writePolicy('storm.yaml', stormPolicy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    let refusals = 0;
    await using alerts = await FeedClient.watch(machine.grpcSocket, 'WatchAlerts', (message) => {
      if (readFields(message).get(ALERT.Result) === 'Permission denied') refusals += 1;
    });
    await using logs = await FeedClient.watch(machine.grpcSocket, 'WatchLogs');
    const loads = [
      { app: 'storm', tasks: DENIED },
      { app: 'other', tasks: MIXED },
    ];
    const [denied] = await runLoad(machine, loads, SECONDS, () => {
      // A client that the storm leaves no processor is behind, which is counted, but is no test of the agent.
      setPriority(CLIENT_PRIORITY);
    });
    const refused = DENIED.reduce((sum, task) => sum + (denied?.total(task).refused ?? 0), 0);
    // Whoever is behind, the agent or the client: what was raised is what comes.
    const settled = await until(
      async () => {
        const status = await statusOf(machine);
        const isAll = refusals + lostBefore(status) >= refused;
        return isAll && status.counters['alerts_raised'] === alerts.received ? status : undefined;
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
    const status = settled ?? (await statusOf(machine));
    const { replacements = 0, alerts: judged, alerts_raised: raised, unjudged } = status.counters;
    const lost = lostBefore(status);
    say('alerts beside logs', {
      refused,
      refusedPerSecond: Math.round(refused / SECONDS),
      refusals,
      lost,
      judged,
      unjudged,
      raised,
      received: alerts.received,
      replacements,
      logs: logs.received,
      drops: status.drops,
    });
    expect(alerts.received).toBe(raised);
    expect(dropped(status, 'alerts')).toBe(0);
    expect(refusals + lost).toBeGreaterThanOrEqual(refused);
    // An operation that the end of the storm cut short was denied, and not counted.
    const most = refused + DENIED.length;
    expect(refusals + lost).toBeLessThanOrEqual(most + replacements * TOLD_TWICE);
    if (replacements > 0) return;
    // Nobody stood in for an answerer, which a machine that is too busy replaces: nothing is lost and all is a refusal.
    expect({ lost, judged, unjudged }).toEqual({ lost: 0, judged: raised, unjudged: 0 });
    expect(refusals).toBe(raised);
  });
});

/** Alerts that never came to the agent: the guard's ring was full while nobody read it, or its file. */
function lostBefore({ counters }: TelemetryStatus): number {
  return (counters['eventsLost'] ?? 0) + (counters['alertsDropped'] ?? 0);
}

describe('a file that alerts and logs go to', () => {
  it('has both, in the JSON of the streams', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start({ flags: ['--logFilter', 'all'] });
    machine.writePolicy('storm.yaml', stormPolicy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const seen: string[] = [];
    await using client = await FeedClient.watch(machine.grpcSocket, 'WatchLogs', (message) => {
      seen.push(message.toString('latin1'));
    });
    const words = ['run', '--socket', machine.socket, '--name', 'web', '--label', 'app=storm'];
    spawnSync(KARMOR, [...words, '--image', machine.image, '--', files.allowedProgram]);
    spawnSync(KARMOR, [...words, '--image', machine.image, '--', files.deniedProgram]);
    const file = join(machine.directory, 'alerts.json');
    const lines = await until(
      () => {
        const all = readFileSync(file, 'utf8').split('\n').slice(0, -1);
        const types = new Set(all.map((line) => String(typeOf(line))));
        return types.has('MatchedPolicy') && types.has('ContainerLog') ? all : undefined;
      },
      { timeoutMs: 10_000 },
    );
    const exec = lines?.find((line) => line.includes(`"Resource":"${files.allowedProgram}"`));
    expect(exec).toMatch(/^\{"Timestamp":\d+,"UpdatedTime":"[^"]+Z","ClusterName":"default","HostName":/);
    expect(exec).toContain('"NodeID":"');
    await until(() => (seen.some((text) => text.includes(files.allowedProgram)) ? true : undefined), {
      timeoutMs: 10_000,
    });
    expect(seen.some((text) => text.includes(files.allowedProgram))).toBe(true);
    expect(client.received).toBe(seen.length);
  });
});

function typeOf(line: string): unknown {
  const parsed: unknown = JSON.parse(line);
  return typeof parsed === 'object' && parsed !== null && 'Type' in parsed ? parsed.Type : undefined;
}

const syscallPolicy = `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: {name: watch-changes, namespace: container_namespace}
spec:
  selector: {matchLabels: {app: web}}
  severity: 3
  tags: [T1, T2]
  message: a file was removed
  syscalls:
    matchSyscalls: [{syscall: [unlink, unlinkat], fromSource: [{path: /bin/rm}]}]
    matchPaths: [{path: /tmp/kept/, recursive: true, syscall: [rmdir]}]
`;

describe('an audited workload', () => {
  it('is refused nothing, and every denial is told', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start();
    machine.writePolicy('storm.yaml', stormPolicy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const labels = ['--label', 'app=storm', '--label', 'kubearmor-policy=audited'];
    const words = ['run', '--socket', machine.socket, '--name', 'storm', ...labels, '--image', machine.image];
    const tasks = ['read', files.denied, '1000', 'tcp', '9', '1000', 'exec', files.deniedProgram, '1000'];
    const child = spawn(KARMOR, [...words, '--', files.storm, '20', ...tasks], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    await until(() => (lines.length > 50 ? true : undefined), { timeoutMs: 30_000 });
    child.stdin.end();
    await once(child, 'close');
    const counts = (lines.at(-1) ?? '').split(',').map((part) => part.split(' ').map(Number));
    for (const [passed = 0, refused = 0] of counts) {
      expect(refused).toBe(0);
      expect(passed).toBeGreaterThan(0);
    }
    const wanted = counts.reduce((sum, [passed = 0]) => sum + passed, 0);
    const alerts = await machine.untilAlerts((all) => all.length >= wanted);
    expect(alerts.length).toBeGreaterThanOrEqual(wanted);
    for (const operation of ['File', 'Network', 'Process']) {
      expect(alerts.find(({ Operation }) => Operation === operation)).toMatchObject({
        PolicyName: 'storm',
        Action: 'Audit (Block)',
        Result: 'Passed',
      });
    }
    expect(alerts.every(({ Action }) => Action === 'Audit (Block)')).toBe(true);
  });
});

describe('rules about system calls', () => {
  it('alert without anybody who takes logs', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start({ flags: ['--visibility', 'none'] });
    machine.writePolicy('syscalls.yaml', syscallPolicy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const words = ['run', '--socket', machine.socket, '--name', 'web', '--label', 'app=web', '--', '/bin/sh'];
    const script =
      'mkdir -p /tmp/kept/inner /tmp/other; touch /tmp/f; rm /tmp/f; rmdir /tmp/kept/inner /tmp/other';
    const ran = spawnSync(KARMOR, [...words, '-c', script], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    await machine.untilAlerts((all) => all.length >= 2);
    const alerts = machine.alerts();
    expect(alerts.map(({ Resource }) => Resource)).toEqual(['/tmp/f', '/tmp/kept/inner']);
    expect(alerts[0]).toMatchObject({
      PolicyName: 'watch-changes',
      Operation: 'Syscall',
      Action: 'Audit',
      Result: 'Passed',
      Message: 'a file was removed',
    });
    expect(alerts[0]?.EventData['Rule']).toContain('#syscalls.matchSyscalls[0]');
    const { monitor } = await statusOf(machine);
    expect(monitor.counts.logs).toBe(0);
  });
});

describe('the monitor', () => {
  it('is not in the kernel while nobody takes logs', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start();
    expect((await statusOf(machine)).monitor).toMatchObject({ state: 'resting' });
    const client = await FeedClient.watch(machine.grpcSocket, 'WatchLogs');
    expect((await statusOf(machine)).monitor).toMatchObject({ state: 'watching' });
    await client.close();
    const rests = await until(
      async () => ((await statusOf(machine)).monitor.state === 'resting' ? true : undefined),
      { timeoutMs: 10_000, everyMs: 100 },
    );
    expect(rests).toBe(true);
  });

  it('that cannot be loaded is said, and all else goes on', { timeout: TEST_MS }, async () => {
    const objects = mkdtempSync(join(tmpdir(), 'kubearmor-objects-'));
    try {
      for (const name of ['guard', 'observe', 'io_uring']) {
        symlinkSync(join(places.objects, `${name}.bpf.o`), join(objects, `${name}.bpf.o`));
      }
      await using machine = await GuardedMachine.start({ flags: ['--objects', objects] });
      await using client = await FeedClient.watch(machine.grpcSocket, 'WatchLogs');
      const { monitor, counters } = await statusOf(machine);
      expect(client.received).toBe(0);
      expect(monitor.state).toBe('not available');
      expect(monitor.reason).toContain(join(objects, 'monitor.bpf.o'));
      expect(counters['monitor_failures']).toBe(1);
      expect(machine.log()).toContain('monitor is not available');
      machine.writePolicy('storm.yaml', stormPolicy);
      await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    } finally {
      rmSync(objects, { recursive: true });
    }
  });
});
