import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { KarmorStorm } from './failure/karmor-storm.ts';
import { Siege } from './failure/siege.ts';
import type { Report, Storm, Task } from './failure/storm.ts';
import { files } from './failure/storm-image.ts';
import { brokenPolicy, denyFile, stormPolicy } from './failure/storm-policy.ts';
import { StormScope } from './failure/storm-scope.ts';
import { inside, openForMs, outcomeOf, outside, type Outcome } from './failure/storm-tasks.ts';
import { until } from './until.ts';

/** How much longer than for the scheduler somebody outside may wait. */
const OUTSIDE_MS = 250;
/** From the signal on; a second of it is the silence that the keeper waits for. */
const REPLACED_MS = 1500;
const TEST_MS = 90_000;
const WORKERS = Object.keys(inside).length;

describe('the agent', () => {
  it(
    'is killed: nothing opens, no alert is lost, and the next one takes over',
    { timeout: TEST_MS },
    async () => {
      await using siege = await Siege.start();
      const { machine, storm } = siege;
      const guard = machine.guard();
      const before = await storm.fresh();
      await machine.signalAgent('SIGKILL');
      await sleep(1000);
      await machine.startAgent();
      await machine.untilStatus('the scope', ({ workloads }) =>
        workloads.some(({ id, tasks }) => id === siege.scope.id && tasks > 0),
      );
      const outcome = await told('agent killed', siege, before);
      expect(outcome).toMatchObject({ wronglyPassed: 0, wronglyDenied: 0, failed: 0 });
      expect(machine.guard()).toEqual(guard);
      // What was being written when it died may be told twice.
      await toldAll('agent killed', siege);
    },
  );

  it('is stopped: enforcement goes on, and afterwards nothing is lost', { timeout: TEST_MS }, async () => {
    await using siege = await Siege.start();
    const { machine, storm } = siege;
    const before = await storm.fresh();
    await machine.signalAgent('SIGSTOP');
    await sleep(3000);
    await machine.signalAgent('SIGCONT');
    await sleep(1000);
    const outcome = await told('agent stopped', siege, before);
    expect(outcome).toMatchObject({ wronglyPassed: 0, wronglyDenied: 0, failed: 0 });
    const { refused, alerts } = await toldAll('agent stopped', siege);
    // An operation that the end of the storm cut short was denied, and not counted.
    expect(alerts).toBeLessThanOrEqual(refused + WORKERS);
  });
});

describe('the answerer', () => {
  it.for(['SIGKILL', 'SIGSTOP'] as const)(
    'gets %s: what is denied stays denied',
    { timeout: TEST_MS },
    async (signal) => {
      await using siege = await Siege.start();
      const { machine, storm } = siege;
      const before = await storm.fresh();
      const ms = await replaced(machine, signal, 'answerer');
      const after = await storm.fresh();
      say(`answerer ${signal}`, { replacedAfterMs: ms });
      expect(ms).toBeLessThan(REPLACED_MS);
      const outcome = await told(`answerer ${signal}`, siege, before, after);
      expect(outcome).toMatchObject({ wronglyPassed: 0, failed: 0 });
      const calm = await storm.fresh();
      await sleep(500);
      expect(await told('after it', siege, calm)).toMatchObject({
        wronglyPassed: 0,
        wronglyDenied: 0,
        failed: 0,
      });
      expect((await machine.status()).counters['replacements']).toBe(1);
      await toldAll(`answerer ${signal}`, siege);
    },
  );

  it.for(['SIGKILL', 'SIGSTOP'] as const)(
    'gets %s with --on-error allow: what is allowed passes',
    { timeout: TEST_MS },
    async (signal) => {
      await using siege = await Siege.start({ onError: 'allow' });
      const { machine, storm } = siege;
      const before = await storm.fresh();
      const ms = await replaced(machine, signal, 'answerer');
      say(`answerer ${signal}, on-error allow`, { replacedAfterMs: ms });
      const outcome = await told(`answerer ${signal}, on-error allow`, siege, before);
      expect(outcome).toMatchObject({ wronglyDenied: 0, failed: 0 });
      const alerts = await machine.untilAlerts((all) =>
        all.some(({ EventData }) => EventData['Rule'] === 'onError'),
      );
      expect(alerts.some(({ EventData }) => EventData['Rule'] === 'onError')).toBe(true);
      const calm = await storm.fresh();
      await sleep(500);
      expect(await told('after it', siege, calm)).toMatchObject({
        wronglyPassed: 0,
        wronglyDenied: 0,
        failed: 0,
      });
    },
  );
});

describe('the keeper', () => {
  it.for(['SIGKILL', 'SIGSTOP'] as const)(
    'gets %s: the answerer goes on alone until a new one has the rules',
    { timeout: TEST_MS },
    async (signal) => {
      await using siege = await Siege.start();
      const { machine, storm } = siege;
      const old = machine.guard();
      const before = await storm.fresh();
      const ms = await replaced(machine, signal, 'keeper');
      say(`keeper ${signal}`, { replacedAfterMs: ms });
      await sleep(500);
      const outcome = await told(`keeper ${signal}`, siege, before);
      expect(outcome).toMatchObject({ wronglyPassed: 0, wronglyDenied: 0, failed: 0 });
      expect(machine.guard().keeper).not.toBe(old.keeper);
      expect(machine.guard().answerers).toHaveLength(1);
      expect(machine.guard().answerers).not.toContain(old.answerers[0]);
      const { counters } = await machine.status();
      expect(counters).toMatchObject({ keeper_replacements: 1, gaps: 0 });
      await toldAll(`keeper ${signal}`, siege);
    },
  );

  it(
    'dies with its answerer: everything passes until both are back, and that is told',
    { timeout: TEST_MS },
    async () => {
      await using siege = await Siege.start();
      const { machine, storm } = siege;
      const before = await storm.fresh();
      const { keeper, answerers } = machine.guard();
      const start = performance.now();
      for (const pid of [keeper, ...answerers]) process.kill(pid, 'SIGKILL');
      const { counters } = await machine.untilStatus(
        'a new guard',
        (status) => (status.counters['gaps'] ?? 0) > 0,
        20_000,
      );
      say('keeper and answerer killed', {
        backAfterMs: Math.round(performance.now() - start),
        deniedFilePassedForMs: Math.round(openForMs(storm, inside.deniedFile)),
        toldGapMs: counters['gapMs'],
      });
      await told('keeper and answerer killed', siege, before);
      expect(storm.between(inside.deniedSocket, before, storm.reports.at(-1)).passed).toBe(0);
      const calm = await storm.fresh();
      await sleep(1000);
      expect(await told('after it', siege, calm)).toMatchObject({
        wronglyPassed: 0,
        wronglyDenied: 0,
        failed: 0,
      });
      expect(counters['gapMs']).toBeGreaterThan(openForMs(storm, inside.deniedFile) - 100);
      const alerts = await machine.untilAlerts((all) =>
        all.some(({ EventData }) => EventData['Rule'] === 'builtin:gap'),
      );
      const gap = alerts.find(({ EventData }) => EventData['Rule'] === 'builtin:gap');
      expect(gap).toMatchObject({ ContainerID: String(siege.scope.id), Result: 'Passed' });
      await toldAll('keeper and answerer killed', siege);
    },
  );
});

describe('the whole', () => {
  it('is killed, and a new agent guards the scopes that run', { timeout: TEST_MS }, async () => {
    await using siege = await Siege.start();
    const { machine, storm } = siege;
    const before = await storm.fresh();
    const { keeper, answerers } = machine.guard();
    await machine.signalAgent('SIGKILL');
    for (const pid of [keeper, ...answerers]) process.kill(pid, 'SIGKILL');
    await sleep(1000);
    await machine.startAgent();
    const { counters } = await machine.untilStatus('the scope', ({ workloads }) =>
      workloads.some(({ id, tasks }) => id === siege.scope.id && tasks > 0),
    );
    const calm = await storm.fresh();
    say('all killed', {
      deniedFilePassedForMs: Math.round(openForMs(storm, inside.deniedFile)),
      toldGapMs: counters['gapMs'],
    });
    await sleep(1000);
    expect(await told('after it', siege, calm)).toMatchObject({
      wronglyPassed: 0,
      wronglyDenied: 0,
      failed: 0,
    });
    expect(storm.between(inside.deniedSocket, before, storm.reports.at(-1)).passed).toBe(0);
    expect(counters['gaps']).toBe(1);
    await toldAll('all killed', siege);
  });

  it.for(['nothing', 'agent', 'keeper', 'answerer', 'guard', 'all'] as const)(
    'is released with %s stopped or killed: nothing is left, the scope runs on',
    { timeout: TEST_MS },
    async (victim) => {
      await using siege = await Siege.start();
      const { machine, storm } = siege;
      await harm(machine, victim);
      await machine.release();
      const after = await storm.fresh();
      await sleep(300);
      expect(storm.between(inside.deniedFile, after, storm.reports.at(-1))).toMatchObject({
        refused: 0,
        failed: 0,
      });
      expect(storm.between(inside.deniedSocket, after, storm.reports.at(-1)).passed).toBeGreaterThan(0);
      expect(machine.leftovers().filter((left) => !left.startsWith('cgroup'))).toEqual([]);
      await siege.scope.end();
      await machine.release();
      expect(machine.leftovers()).toEqual([]);
    },
  );
});

describe('karmor run', () => {
  it('is killed: what it started ends, and its cgroup goes away', { timeout: TEST_MS }, async () => {
    await using machine = await GuardedMachine.start();
    machine.writePolicy('storm.yaml', stormPolicy);
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const run = KarmorStorm.start(machine, [inside.deniedFile, inside.allowedFile]);
    await run.storm.fresh();
    expect(run.storm.total(inside.deniedFile).passed).toBe(0);
    const { pids, cgroup } = run.inside();
    expect(pids.length).toBeGreaterThan(0);
    process.kill(run.pid, 'SIGKILL');
    const start = performance.now();
    const isGone = (): true | undefined => (pids.some(isThere) || existsSync(cgroup) ? undefined : true);
    expect(await until(isGone, { timeoutMs: 10_000 })).toBe(true);
    say('karmor killed', { goneAfterMs: Math.round(performance.now() - start) });
    expect((await machine.status()).workloads).toEqual([]);
  });
});

describe('policies', () => {
  it(
    'stay as they were last good: broken, mended, in part broken, removed',
    { timeout: TEST_MS },
    async () => {
      await using machine = await GuardedMachine.start();
      const tasks = [
        { kind: 'read', target: files.first, pauseUs: 1000 },
        { kind: 'read', target: files.second, pauseUs: 1000 },
      ] as const;
      const [first, second] = tasks;
      machine.writePolicy('p.yaml', denyFile('p', files.first));
      await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
      const scope = await StormScope.start(machine, tasks);
      const denies = async (): Promise<readonly boolean[]> => {
        const before = await scope.storm.fresh();
        await sleep(200);
        return [first, second].map((task) => {
          const { passed, refused } = scope.storm.between(task, before, scope.storm.reports.at(-1));
          expect(Math.min(passed, refused)).toBe(0);
          return refused > 0;
        });
      };
      expect(await denies()).toEqual([true, false]);
      machine.writePolicy('p.yaml', brokenPolicy);
      await machine.untilStatus('a problem', ({ problems }) =>
        problems.some(({ file }) => file === 'p.yaml'),
      );
      expect(await denies()).toEqual([true, false]);
      await machine.signalAgent('SIGKILL');
      await machine.startAgent();
      expect(await denies()).toEqual([true, false]);
      expect((await machine.status()).problems).not.toEqual([]);
      machine.writePolicy('p.yaml', `${denyFile('p', files.second)}---\n${brokenPolicy}`);
      await sleep(500);
      expect(await denies()).toEqual([true, false]);
      machine.writePolicy('p.yaml', denyFile('p', files.second));
      await machine.untilStatus('no problem', ({ problems }) => problems.length === 0);
      expect(await denies()).toEqual([false, true]);
      machine.writePolicy('p.yaml', undefined);
      await machine.untilStatus('no policy', ({ policies }) => policies.length === 0);
      expect(await denies()).toEqual([false, false]);
      await scope.end();
    },
  );

  it(
    'are swapped again and again: no operation is judged by a mix or by nothing',
    { timeout: TEST_MS },
    async () => {
      await using machine = await GuardedMachine.start();
      const versions = [files.first, files.second].map(
        (path) => `${denyFile('one', path)}---\n${denyFile('always', files.denied)}`,
      );
      const turn = { kind: 'turn', target: `${files.first}:${files.second}` } as const;
      const always = { kind: 'read', target: files.denied, pauseUs: 200 } as const;
      machine.writePolicy('p.yaml', versions[0]);
      await machine.untilStatus('the policies', ({ policies }) => policies.length === 2);
      const scope = await StormScope.start(machine, [turn, always, inside.allowedProgram]);
      let swaps = 0;
      const endMs = performance.now() + 20_000;
      while (performance.now() < endMs) {
        machine.writePolicy('p.yaml', versions[++swaps % 2]);
        await sleep(50);
      }
      await scope.end();
      const { passed, refused: changes, failed } = scope.storm.total(turn);
      const { passed: opened, refused } = scope.storm.total(always);
      say('policies swapped', { swaps, changesSeen: changes, operations: passed, deniedAlways: refused });
      expect(failed).toBe(0);
      expect(opened).toBe(0);
      expect(changes).toBeLessThanOrEqual(swaps);
      expect(changes).toBeGreaterThan(swaps / 10);
    },
  );
});

/** Says what became of a storm, and that nobody outside has noticed. */
async function told(what: string, siege: Siege, before: Report, after?: Report): Promise<Outcome> {
  const last = after ?? (await siege.storm.fresh());
  const outcome = outcomeOf(siege.storm, before, last);
  const { file, program, control } = outside;
  const outsideMs = Math.max(...[file, program].map((task) => longest(siege.outside, task, before.atMs)));
  const schedulerMs = longest(siege.outside, control, before.atMs);
  say(what, { ...outcome, outsideMs, schedulerMs });
  for (const task of [file, program])
    expect(siege.outside.total(task)).toMatchObject({ refused: 0, failed: 0 });
  expect(outsideMs).toBeLessThan(OUTSIDE_MS + 2 * schedulerMs);
  return outcome;
}

/** Ends the storm and sees that every refusal has its alert, or is counted as lost. */
async function toldAll(
  what: string,
  siege: Siege,
): Promise<{ readonly refused: number; readonly alerts: number; readonly lost: number }> {
  const finished = await siege.finish();
  say(what, finished);
  expect(finished.alerts + finished.lost).toBeGreaterThanOrEqual(finished.refused);
  return finished;
}

function longest(storm: Storm, task: Task, sinceMs: number): number {
  const first = storm.reports.find(({ atMs }) => atMs >= sinceMs);
  return storm.between(task, first, storm.reports.at(-1)).longestMs;
}

/** Sends one of the guard's processes a signal; how long until another one does its work, in milliseconds. */
async function replaced(
  machine: GuardedMachine,
  signal: NodeJS.Signals,
  who: 'keeper' | 'answerer',
): Promise<number> {
  const old = { keeper: machine.guard().keeper, answerer: machine.answerer() };
  const start = performance.now();
  process.kill(old[who], signal);
  const isBack = await until(
    async () => {
      const { pid, answerer } = (await machine.pingKeeper()) ?? { pid: 0, answerer: 0 };
      const isOther = answerer !== old.answerer && answerer !== 0;
      return isOther && (who === 'answerer' || pid !== old.keeper) ? true : undefined;
    },
    { timeoutMs: 20_000 },
  );
  expect(isBack).toBe(true);
  return Math.round(performance.now() - start);
}

async function harm(
  machine: GuardedMachine,
  victim: 'nothing' | 'agent' | 'keeper' | 'answerer' | 'guard' | 'all',
): Promise<void> {
  const { keeper, answerers } = machine.guard();
  const answerer = answerers[0] ?? 0;
  if (victim === 'agent') await machine.signalAgent('SIGSTOP');
  if (victim === 'all') await machine.signalAgent('SIGKILL');
  if (victim === 'keeper') process.kill(keeper, 'SIGSTOP');
  if (victim === 'answerer') process.kill(answerer, 'SIGSTOP');
  if (victim === 'guard' || victim === 'all')
    for (const pid of [keeper, answerer]) process.kill(pid, 'SIGKILL');
}

function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function say(what: string, facts: object): void {
  process.stdout.write(`  ${what}: ${JSON.stringify(facts)}\n`);
}
