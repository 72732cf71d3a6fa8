import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { files } from './failure/storm-image.ts';
import { stormPolicy } from './failure/storm-policy.ts';
import { StormScope } from './failure/storm-scope.ts';
import type { Task } from './failure/storm.ts';
import { FeedClient } from './telemetry/feed-client.ts';
import { readFields } from './telemetry/read-fields.ts';
import { parseTelemetryStatus, type TelemetryStatus } from './telemetry/telemetry-status.ts';
import { until } from './until.ts';

const KILLS = Number(process.env['KUBEARMOR_KILLS'] ?? 3);
const TEST_MS = KILLS * 30_000 + 120_000;
const ALERT = { Result: 23 } as const;
const DENIED: readonly Task[] = [
  { kind: 'tcp', target: '9', perSecond: 6000 },
  { kind: 'read', target: files.denied, perSecond: 1000 },
];

async function statusOf(machine: GuardedMachine): Promise<TelemetryStatus> {
  return parseTelemetryStatus(await machine.call('status'));
}

/** Kills the process that answers, as soon as there is one in reserve, and waits for its successor. */
async function killAnswerer(machine: GuardedMachine): Promise<void> {
  await machine.untilSpare();
  const old = machine.answerer();
  process.kill(old, 'SIGKILL');
  const isReplaced = await until(
    async () => {
      const answerer = (await machine.pingKeeper())?.answerer ?? 0;
      return answerer !== 0 && answerer !== old ? true : undefined;
    },
    { timeoutMs: 20_000, everyMs: 50 },
  );
  expect(isReplaced).toBe(true);
}

describe('alerts while answerers die', () => {
  it('come, or are counted as lost', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start();
    machine.writePolicy('storm.yaml', stormPolicy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    let refusals = 0;
    await using client = await FeedClient.watch(machine.grpcSocket, 'WatchAlerts', (message) => {
      if (readFields(message).get(ALERT.Result) === 'Permission denied') refusals += 1;
    });
    const scope = await StormScope.start(machine, DENIED);
    for (let kills = 0; kills < KILLS; kills++) {
      await killAnswerer(machine);
      await sleep(500);
    }
    await scope.end();
    await machine.call('scope.remove', { id: scope.id });
    const refused = DENIED.reduce((sum, task) => sum + scope.storm.total(task).refused, 0);
    const settled = await until(
      async () => {
        const status = await statusOf(machine);
        const isAll = refusals + lost(status) >= refused;
        return isAll && status.counters['alerts_raised'] === client.received ? status : undefined;
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
    const status = settled ?? (await statusOf(machine));
    const { alerts = 0, alertsDropped = 0, replacements = 0 } = status.counters;
    const told = { refused, refusals, lost: lost(status), alerts, received: client.received, replacements };
    process.stdout.write(`answerers killed: ${JSON.stringify(told)}\n`);
    expect(replacements).toBe(KILLS);
    expect(refusals + lost(status)).toBeGreaterThanOrEqual(refused);
    expect(client.received).toBe(status.counters['alerts_raised']);
    // Of what was raised, nothing but what one was writing when it died is neither here nor counted.
    expect(alerts - alertsDropped - client.received).toBeGreaterThanOrEqual(0);
    expect(alerts - alertsDropped - client.received).toBeLessThanOrEqual(replacements);
  });
});

/** Alerts that never came to the agent: the guard's ring was full while nobody read it, or they could not be kept. */
function lost({ counters }: TelemetryStatus): number {
  return (counters['eventsLost'] ?? 0) + (counters['alertsDropped'] ?? 0);
}
