import { files } from './storm-image.ts';
import { load } from './load.ts';
import type { Report, Storm, Tally, Task } from './storm.ts';

/** What a storm in a scope does: each thing that passes beside one that is denied. */
export const inside = {
  allowedFile: { kind: 'read', target: files.allowed, pauseUs: 300 },
  deniedFile: { kind: 'read', target: files.denied, pauseUs: 1000 },
  allowedProgram: { kind: 'exec', target: files.allowedProgram, pauseUs: 1000 },
  deniedProgram: { kind: 'exec', target: files.deniedProgram, pauseUs: 2000 },
  allowedSocket: { kind: 'udp', target: '9', pauseUs: 1000 },
  deniedSocket: { kind: 'tcp', target: '9', pauseUs: 1000 },
} as const satisfies Record<string, Task>;

/** What a process of no workload does meanwhile. */
export const outside = {
  file: { kind: 'read', target: '/etc/passwd', pauseUs: 300 },
  program: { kind: 'exec', target: load.nothing, pauseUs: 1000 },
  /** What the scheduler alone makes one wait. */
  control: { kind: 'fork', target: '-', pauseUs: 1000 },
} as const satisfies Record<string, Task>;

const denied = [inside.deniedFile, inside.deniedProgram, inside.deniedSocket];
const allowed = [inside.allowedFile, inside.allowedProgram, inside.allowedSocket];

/** What became of a storm in some time. */
export interface Outcome {
  /** Operations that policies deny, and that passed. */
  readonly wronglyPassed: number;
  readonly denied: number;
  readonly passed: number;
  /** Operations that policies let pass, and that were refused. */
  readonly wronglyDenied: number;
  /** Operations that went wrong otherwise. */
  readonly failed: number;
  readonly longestMs: number;
}

/** Sums a storm in a scope up. */
export function outcomeOf(storm: Storm, before?: Report, after?: Report): Outcome {
  const sum = (tasks: readonly Task[], of: (tally: Tally) => number): number =>
    tasks.reduce((total, task) => total + of(storm.between(task, before, after ?? storm.reports.at(-1))), 0);
  return {
    wronglyPassed: sum(denied, ({ passed }) => passed),
    denied: sum(denied, ({ refused }) => refused),
    passed: sum(allowed, ({ passed }) => passed),
    wronglyDenied: sum(allowed, ({ refused }) => refused),
    failed: sum([...denied, ...allowed], ({ failed }) => failed),
    longestMs: Math.max(
      ...[...denied, ...allowed].map((task) => storm.between(task, before, after).longestMs),
    ),
  };
}

/** The time in which operations passed that policies deny, in milliseconds. */
export function openForMs(storm: Storm, task: Task): number {
  const open = storm.reports.filter(
    (report, index) => storm.between(task, storm.reports[index - 1], report).passed > 0,
  );
  const [first, last] = [open[0], open.at(-1)];
  return first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
}
