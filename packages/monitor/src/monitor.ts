import { RingStream } from '@kubearmor/kernel';
import type { Clock } from '@kubearmor/service';
import type { LogEvent, LogWorkload } from '@kubearmor/telemetry';
import { EventReader, type EventHandler } from './event-reader.js';
import { KernelTime } from './log/kernel-time.js';
import { LogComposer } from './log/log-composer.js';
import type { NameUser } from './log/log-process.js';
import { ProcSource } from './process/proc-source.js';
import type { ProcessSource } from './process/process-source.js';
import { ProcessTree } from './process/process-tree.js';
import type { MissingProgram } from './programs/attachments.js';
import { MonitorPrograms, type MonitorProgramsOptions } from './programs/monitor-programs.js';
import type { Tally } from './programs/tally.js';
import type { Visibility } from './visibility.js';

/** What the monitor needs of the world around it. */
export interface MonitorDeps {
  readonly clock: Clock;
  /**
   * The workload of a number (0 is the host), always the same object until something about it changes; undefined when it
   * is not known (any more).
   */
  readonly workloadOf: (id: number) => LogWorkload | undefined;
  /** Names users of the host. By default they have no names. */
  readonly nameUser?: NameUser;
  /** By default /proc. */
  readonly processes?: ProcessSource;
}

/** How the monitor runs. */
export interface MonitorOptions extends MonitorProgramsOptions {
  /** How long records gather before they are read, in milliseconds. By default 5, and less where many come: fewer and larger batches. */
  readonly settleMs?: number;
}

/** What was lost on the way, besides what the kernel's side lost. */
export interface MonitorDrops {
  /** Records that were not understood. */
  readonly invalid: number;
  /** Events of workloads that nobody knew (any more). */
  readonly unknownWorkload: number;
}

const DEFAULT_SETTLE_MS = 5;

/** Sees what processes do: the kernel's side, what reads it, the tree of processes and the words. */
export class Monitor {
  readonly #programs: MonitorPrograms;
  readonly #ring: RingStream;
  readonly #reader: EventReader;
  readonly #composer: LogComposer;
  readonly #time: KernelTime;
  #lost = 0;
  #closing: Promise<void> | undefined;
  /** The processes that are watched, and those they came from. */
  readonly tree: ProcessTree;

  private constructor(programs: MonitorPrograms, deps: MonitorDeps, options: MonitorOptions) {
    this.#programs = programs;
    this.tree = new ProcessTree(deps.processes ?? new ProcSource());
    this.#reader = new EventReader(this.tree);
    this.#time = new KernelTime(deps.clock);
    this.#composer = new LogComposer({
      workloadOf: deps.workloadOf,
      ...(deps.nameUser === undefined ? {} : { nameUser: deps.nameUser }),
      time: this.#time,
      tree: this.tree,
      calls: this.#reader.calls,
    });
    this.#programs.ignore(process.pid);
    this.#programs.attach();
    this.tree.seed();
    this.#ring = RingStream.open({
      mapFd: this.#programs.ringFd,
      sizeBytes: this.#programs.ringBytes,
      settleMs: options.settleMs ?? DEFAULT_SETTLE_MS,
    });
  }

  /** Loads and attaches the kernel's side and starts to read; nothing is watched yet. Throws MONITOR_UNAVAILABLE. */
  static start(deps: MonitorDeps, options: MonitorOptions): Monitor {
    const programs = MonitorPrograms.load(options);
    try {
      return new Monitor(programs, deps, options);
    } catch (error) {
      programs.close();
      throw error;
    }
  }

  /** The kernel's side: what is watched, who tasks are, what was lost. */
  get programs(): MonitorPrograms {
    return this.#programs;
  }

  /** What this kernel cannot show. */
  get missing(): readonly MissingProgram[] {
    return this.#programs.missing;
  }

  /** Watches a workload, or the host by the number 0; takes effect with the next call of its tasks. */
  watch(workload: number, visibility: Visibility): void {
    if (!this.#programs.isWatched(workload)) {
      this.tree.settle(workload, (pid) => this.#programs.workloadOf(pid));
    }
    this.#programs.watch(workload, visibility);
  }

  /** Forgets a workload. */
  forget(workload: number): void {
    this.#programs.forget(workload);
  }

  /**
   * Takes in a process that a workload gets from outside, in case it ends before its first record is read. With a
   * workload: a process that has been there all along, and begins no session (`ExecID`) in it.
   */
  adopt(pid: number, workload?: number): void {
    this.tree.adopt(pid, workload);
  }

  /** What there was to tell and what the kernel's side lost, of all or of one workload. */
  tally(workload?: number): Tally {
    return workload === undefined ? this.#programs.tally() : this.#programs.tallyOf(workload);
  }

  /** What was lost after the ring. */
  get drops(): MonitorDrops {
    return { invalid: this.#reader.invalidRecords, unknownWorkload: this.#composer.unknownWorkloads };
  }

  /**
   * Logs in the order of the ring, a batch at a time, until the monitor is closed; for one consumer. `handler` is shown
   * every event first, forks and exits and what is not logged included.
   */
  async *logs(handler?: EventHandler): AsyncGenerator<readonly LogEvent[], void, undefined> {
    for await (const batch of this.#ring) {
      this.#time.refresh();
      const logs: LogEvent[] = [];
      this.#reader.read(batch, (event) => {
        handler?.(event);
        this.#composer.compose(event, logs);
      });
      yield logs;
    }
  }

  /** Forgets processes whose exit was lost. Call it now and then: it does nothing while nothing was lost. */
  sweep(): void {
    const { ringFull, busy } = this.#programs.tally();
    if (ringFull + busy === this.#lost) return;
    this.#lost = ringFull + busy;
    this.tree.sweep();
  }

  /** Ends the reading once all that is in the ring has been read; {@link logs} then ends, and nothing more can be seen. */
  drain(): Promise<void> {
    this.#programs.detach();
    return this.#ring.close();
  }

  /** Detaches the programs, lets the reader finish what is in the ring, and unloads everything. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.drain();
    } finally {
      this.#programs.close();
    }
  }
}
