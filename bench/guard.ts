import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedMachine } from '../e2e/failure/guarded-machine.ts';
import { load } from '../e2e/failure/load.ts';
import { Storm, type Tally, type Task } from '../e2e/failure/storm.ts';
import { files } from '../e2e/failure/storm-image.ts';
import { StormScope } from '../e2e/failure/storm-scope.ts';
import { median, type Result } from './result.ts';

const TURN_MS = 250;
const ROUNDS = 6;

const inside = {
  untouched: { kind: 'read', target: files.untouched },
  exec: { kind: 'exec', target: files.allowedProgram },
  connect: { kind: 'udp', target: '9' },
  fresh: { kind: 'fresh', target: files.many },
  touched: { kind: 'read', target: files.sourced },
  readOnly: { kind: 'read', target: files.allowed },
  denied: { kind: 'read', target: files.denied },
} as const satisfies Record<string, Task>;

const outside = {
  untouched: { kind: 'read', target: load.nothing },
  exec: { kind: 'exec', target: load.nothing },
  connect: { kind: 'udp', target: '9' },
} as const satisfies Record<string, Task>;

type Measured = Partial<Record<keyof typeof inside, Tally>>;

/** What was measured without an agent and with one, in the same minute. */
interface Round {
  readonly bare: Measured;
  readonly bareOutside: Measured;
  readonly guarded: Measured;
  readonly unguarded: Measured;
  readonly outside: Measured;
}

/** What opens, execs and connects cost: in a scope with policies, in one without, and outside, against no agent at all. */
export async function measureGuard(machine: GuardedMachine): Promise<readonly Result[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const outsideNow = await measureOutside();
    const guarded = await measureScope(machine, 'storm');
    const unguarded = await measureScope(machine, 'free');
    await machine.release();
    rounds.push({
      bare: await measureScope(machine, null),
      bareOutside: await measureOutside(),
      guarded,
      unguarded,
      outside: outsideNow,
    });
    await machine.startAgent();
  }
  return [...rates(rounds), ...latencies(rounds)];
}

async function measureScope(machine: GuardedMachine, app: string | null): Promise<Measured> {
  const scope = await StormScope.start(machine, Object.values(inside), { app, turnMs: TURN_MS });
  await sleep(TURN_MS * (Object.keys(inside).length + 0.5));
  await scope.end();
  if (app !== null) await machine.call('scope.remove', { id: scope.id });
  return tallies(scope.storm, inside);
}

async function measureOutside(): Promise<Measured> {
  const storm = Storm.outside(Object.values(outside), TURN_MS);
  await sleep(TURN_MS * (Object.keys(outside).length + 0.5));
  await storm.end();
  return tallies(storm, outside);
}

function tallies(storm: Storm, tasks: Readonly<Record<string, Task>>): Measured {
  return Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, storm.total(task)]));
}

const RATES = [
  ['open, no rule can touch it: guarded scope', 'guarded', 'untouched', 'bare'],
  ['open, no rule can touch it: scope without policies', 'unguarded', 'untouched', 'bare'],
  ['open: outside', 'outside', 'untouched', 'bareOutside'],
  ['open, first of each file: guarded scope', 'guarded', 'fresh', 'bare'],
  ['open, a rule lets it pass: guarded scope', 'guarded', 'touched', 'bare'],
  ['open, a readOnly rule lets it pass: guarded scope', 'guarded', 'readOnly', 'bare'],
  ['open, denied: guarded scope', 'guarded', 'denied', 'bare'],
  ['exec: guarded scope', 'guarded', 'exec', 'bare'],
  ['exec: scope without policies', 'unguarded', 'exec', 'bare'],
  ['exec: outside', 'outside', 'exec', 'bareOutside'],
  ['connect (UDP): guarded scope', 'guarded', 'connect', 'bare'],
  ['connect (UDP): scope without policies', 'unguarded', 'connect', 'bare'],
  ['connect (UDP): outside', 'outside', 'connect', 'bareOutside'],
] as const;

// The ratio is the median of those of each round, whose halves ran one after the other; rates are told beside it.
function rates(rounds: readonly Round[]): Result[] {
  return RATES.flatMap(([name, who, what, against]): Result[] => {
    const value = rounds.map((round) => rateOf(round[who][what]));
    const baseline = rounds.map((round) => rateOf(round[against][what]));
    const ratio = median(value.map((rate, index) => rate / (baseline[index] ?? NaN)));
    return [
      { name, value: median(value), unit: '1/s', baseline: median(baseline) },
      { name: `${name}, ratio`, value: ratio, unit: 'ratio', baseline: 1 },
    ];
  });
}

const LATENCIES = [
  ['open to answer, passes', 'touched'],
  ['open to answer, denied with its alert', 'denied'],
  ['open to answer, first of a file', 'fresh'],
  ['open, forgotten file', 'untouched'],
  ['exec', 'exec'],
] as const;

function latencies(rounds: readonly Round[]): Result[] {
  return LATENCIES.flatMap(([name, what]) =>
    (['p50Us', 'p99Us'] as const).map((percentile): Result => {
      const of = (who: 'guarded' | 'bare'): number =>
        median(rounds.map((round) => round[who][what]?.[percentile] ?? NaN));
      return {
        name: `${name}, ${percentile.slice(0, 3)}`,
        value: of('guarded'),
        unit: 'µs',
        baseline: of('bare'),
      };
    }),
  );
}

function rateOf(tally: Tally | undefined): number {
  if (tally === undefined) return NaN;
  return ((tally.passed + tally.refused) / tally.totalMs) * 1000;
}
