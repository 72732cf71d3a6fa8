import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { E2eError } from '../errors.ts';
import { load } from './load.ts';

/** What one process of a storm does again and again: see bench/load/storm.c. */
export interface Task {
  readonly kind: 'read' | 'write' | 'fresh' | 'turn' | 'exec' | 'fork' | 'tcp' | 'udp' | 'send';
  /** A path, or the port of a socket. */
  readonly target: string;
  /** How long it rests after each operation. By default not at all. */
  readonly pauseUs?: number;
  /** How often in a second it does it, instead of resting. */
  readonly perSecond?: number;
}

/** What has become of one process's operations so far. */
export interface Tally {
  readonly passed: number;
  readonly refused: number;
  /** Neither passed nor refused, with the last errno. */
  readonly failed: number;
  readonly error: number;
  /** The longest wait since the report before, in milliseconds. */
  readonly longestMs: number;
  readonly totalMs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** A report of a storm: one tally for each task, in their order. */
export interface Report {
  readonly atMs: number;
  readonly tallies: readonly Tally[];
}

const NOTHING: Tally = {
  passed: 0,
  refused: 0,
  failed: 0,
  error: 0,
  longestMs: 0,
  totalMs: 0,
  p50Us: 0,
  p99Us: 0,
};
const INTERVAL_MS = 20;

/** The command line of a storm; with `turnMs` its processes work in turn, each for that long. */
export function stormCommand(
  program: string,
  tasks: readonly Task[],
  turnMs?: number,
): readonly [string, ...string[]] {
  const words = tasks.flatMap(({ kind, target, pauseUs = 0, perSecond }) => [
    kind,
    target,
    perSecond === undefined ? String(pauseUs) : `@${perSecond}`,
  ]);
  return [program, String(turnMs === undefined ? INTERVAL_MS : -turnMs), ...words];
}

/** Several processes doing things in tight loops, and what becomes of them. */
export class Storm {
  readonly #tasks: readonly Task[];
  readonly #process: ChildProcess;
  readonly #reports: Report[] = [];
  #arrival: PromiseWithResolvers<Report> = Promise.withResolvers();

  constructor(tasks: readonly Task[], child: ChildProcess) {
    this.#tasks = tasks;
    this.#process = child;
    if (child.stdout !== null) {
      createInterface(child.stdout).on('line', (line) => {
        this.#take(line);
      });
    }
    // Nobody waits for a report in between.
    this.#arrival.promise.catch(() => undefined);
    child.once('exit', () => {
      this.#arrival.reject(new E2eError('E2E_SCOPE', 'expected the storm to go on, it has ended'));
    });
  }

  /** A storm of no workload. */
  static outside(tasks: readonly Task[], turnMs?: number): Storm {
    const [program, ...words] = stormCommand(load.storm, tasks, turnMs);
    return new Storm(tasks, spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** All reports so far. */
  get reports(): readonly Report[] {
    return this.#reports;
  }

  /** The next report that comes. */
  async next(): Promise<Report> {
    return this.#arrival.promise;
  }

  /** A report that was made entirely after this call. */
  async fresh(): Promise<Report> {
    await this.next();
    return this.next();
  }

  /** What came of a task between two reports. */
  between(task: Task, before: Report | undefined, after: Report | undefined): Tally {
    const place = this.#tasks.indexOf(task);
    const first = before?.tallies[place] ?? NOTHING;
    const last = after?.tallies[place] ?? NOTHING;
    const during = this.#reports.filter(
      (report) => report.atMs > (before?.atMs ?? 0) && report.atMs <= (after?.atMs ?? Infinity),
    );
    return {
      ...last,
      passed: last.passed - first.passed,
      refused: last.refused - first.refused,
      failed: last.failed - first.failed,
      totalMs: last.totalMs - first.totalMs,
      longestMs: Math.max(0, ...during.map((report) => report.tallies[place]?.longestMs ?? 0)),
    };
  }

  /** Everything that came of a task. */
  total(task: Task): Tally {
    return this.between(task, undefined, this.#reports.at(-1));
  }

  /** Ends the processes; the last report is complete. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const closed = once(this.#process, 'close');
    this.#process.stdin?.end();
    await closed;
  }

  #take(line: string): void {
    const tallies = line.split(',').map((part): Tally => {
      const [
        passed = 0,
        refused = 0,
        failed = 0,
        error = 0,
        longestUs = 0,
        totalUs = 0,
        p50Us = 0,
        p99Us = 0,
      ] = part.split(' ').map(Number);
      return {
        passed,
        refused,
        failed,
        error,
        longestMs: longestUs / 1000,
        totalMs: totalUs / 1000,
        p50Us,
        p99Us,
      };
    });
    const report = { atMs: performance.now(), tallies };
    this.#reports.push(report);
    const arrival = this.#arrival;
    this.#arrival = Promise.withResolvers();
    this.#arrival.promise.catch(() => undefined);
    arrival.resolve(report);
  }
}
