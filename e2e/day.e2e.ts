import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { files } from './failure/storm-image.ts';
import { denyFile, stormPolicy } from './failure/storm-policy.ts';
import { StormScope } from './failure/storm-scope.ts';
import type { Task } from './failure/storm.ts';
import { FeedClient } from './telemetry/feed-client.ts';
import { footprintOf, type Footprint } from './telemetry/footprint.ts';
import { parseTelemetryStatus } from './telemetry/telemetry-status.ts';
import { until } from './until.ts';

/** Ten minutes are a day of a busy machine. */
const SECONDS = Number(process.env['KUBEARMOR_DAY_SECONDS'] ?? 20);
const TEST_MS = SECONDS * 2000 + 240_000;
const WARM_ROUNDS = 3;
const WORK_MS = 300;
/** What somebody asks for or writes at this moment is open for a moment. */
const SAME = 3;
const LOOK_MS = 100;
const CALM_MS = 30_000;
/** What a heap may have grown by without anything being held: less than a leak of 10 kB for each round of a day. */
const RSS_MB = 40;

const TASKS: readonly Task[] = [
  { kind: 'read', target: files.denied, pauseUs: 500 },
  { kind: 'exec', target: files.allowedProgram, pauseUs: 2000 },
  { kind: 'tcp', target: '9', pauseUs: 1000 },
];

/** Everything once: a client comes, workloads start, policies change, all of it goes. */
async function round(machine: GuardedMachine, number: number): Promise<void> {
  const logs = await FeedClient.watch(machine.grpcSocket, 'WatchLogs');
  const alerts = await FeedClient.watch(machine.grpcSocket, 'WatchAlerts');
  const scopes = await Promise.all(
    ['storm', 'other'].map((app) => StormScope.start(machine, TASKS, { app })),
  );
  machine.writePolicy('more.yaml', number % 2 === 0 ? denyFile('more', files.untouched) : undefined);
  await new Promise((resolve) => setTimeout(resolve, WORK_MS));
  for (const scope of scopes) await scope.end();
  for (const { id } of scopes) await machine.call('scope.remove', { id });
  await alerts.close();
  await logs.close();
}

/** Waits until what ends by itself has ended: the monitor rests, nothing is watched. */
async function atRest(machine: GuardedMachine): Promise<Footprint> {
  machine.writePolicy('more.yaml', undefined);
  await machine.untilStatus('one policy', ({ policies }) => policies.length === 1);
  await until(
    async () =>
      parseTelemetryStatus(await machine.call('status')).monitor.state === 'resting' ? true : undefined,
    { timeoutMs: 60_000, everyMs: 100 },
  );
  await machine.untilSpare();
  return calmFootprint(machine);
}

/** What is held on to while nothing changes. */
async function calmFootprint(machine: GuardedMachine): Promise<Footprint> {
  let last = footprintOf(machine);
  let same = 1;
  await until(
    () => {
      const next = footprintOf(machine);
      same = isDeepStrictEqual(heldOf(next), heldOf(last)) ? same + 1 : 1;
      last = next;
      return same === SAME ? true : undefined;
    },
    { timeoutMs: CALM_MS, everyMs: LOOK_MS },
  );
  return last;
}

function heldOf({ agentFds, guardFds, mapEntries, cgroups }: Footprint): Omit<Footprint, 'rssMb'> {
  return { agentFds, guardFds, mapEntries, cgroups };
}

describe('a day of the agent’s life', () => {
  it('ends with what it began with', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start();
    machine.writePolicy('storm.yaml', stormPolicy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    for (let number = 0; number < WARM_ROUNDS; number++) await round(machine, number);
    const before = await atRest(machine);
    const endsAtMs = performance.now() + SECONDS * 1000;
    let rounds = 0;
    while (performance.now() < endsAtMs) await round(machine, rounds++);
    let after = await atRest(machine);
    await until(
      async () => {
        if (isDeepStrictEqual(heldOf(after), heldOf(before))) return true;
        after = await calmFootprint(machine);
        return undefined;
      },
      { timeoutMs: CALM_MS, everyMs: LOOK_MS },
    );
    const { counters } = await machine.status();
    const { alertsDropped, replacements, keeper_replacements: keepers } = counters;
    process.stdout.write(`a day: ${JSON.stringify({ rounds, replacements, keepers, before, after })}\n`);
    expect(heldOf(after)).toEqual(heldOf(before));
    expect(after.rssMb).toBeLessThan(before.rssMb + RSS_MB);
    expect(alertsDropped).toBe(0);
    expect(rounds).toBeGreaterThan(1);
  });
});
