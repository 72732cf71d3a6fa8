import { existsSync } from 'node:fs';
import { BpfObject, KernelError, type BpfLink, type BpfMap } from '@kubearmor/kernel';
import { encodeCallTable } from '../calls/call-table.js';
import { MonitorError } from '../errors.js';
import { groupsOf, type Visibility } from '../visibility.js';
import { addTallies, NO_EVENTS, readTally, type Tally } from './tally.js';
import { makeRoomForEveryTask } from './task-room.js';

/** Where the monitor's kernel side comes from and how it is set up. */
export interface MonitorProgramsOptions {
  /** Directory of the compiled objects: `monitor.bpf.o`. */
  readonly objects: string;
  /** Size of the ring in bytes; the next power of two that is a multiple of a page is taken. By default 8 MiB. */
  readonly ringBytes?: number;
  /**
   * Where the labels of tasks are pinned (the guard's map `labels`). By default the monitor keeps labels of its own: they
   * are inherited by what a labelled task makes, and {@link MonitorPrograms.labels} is where to write the first.
   */
  readonly labelsPin?: string;
  /** Tells calls that failed because there is no such file. By default false, as in KubeArmor: searching paths makes thousands. */
  readonly tellsMissingFiles?: boolean;
  /** Tells opens of files in /proc and /sys. By default false, as in KubeArmor. */
  readonly tellsKernelFiles?: boolean;
}

/** A program that this kernel has no place for, and what is not seen because of it. */
export interface MissingProgram {
  readonly program: string;
  readonly consequence: string;
}

const DEFAULT_RING_BYTES = 8 * 1024 * 1024;
const HOST = 0;
// Followed in this order, so that no process is known to us by a call before it is by its beginning.
const REQUIRED = ['monitor_fork', 'monitor_exec', 'monitor_exit', 'monitor_sys_exit'] as const;
const OPTIONAL = {
  monitor_capable: 'capability checks are not seen (Linux 6.14 has their tracepoint)',
  monitor_io_uring: 'opens by io_uring are not seen (Linux 6.3 has their tracepoint)',
} as const;

/** The monitor's kernel side. Nothing of it is pinned: it sees nothing before it is attached and ends with us. */
export class MonitorPrograms {
  readonly #object: BpfObject;
  readonly #links: BpfLink[] = [];
  readonly #missing: MissingProgram[] = [];
  readonly #watches: BpfMap;
  readonly #tallies: BpfMap;
  readonly #ignored: BpfMap;
  readonly #ring: BpfMap;
  /** Counts of workloads that are no longer watched. */
  #ended: Tally = NO_EVENTS;
  #isClosed = false;
  /** Which workload a task belongs to: the guard's map, or the monitor's own. */
  readonly labels: BpfMap;

  private constructor(object: BpfObject) {
    this.#object = object;
    this.labels = object.findMap('labels').open();
    this.#watches = object.findMap('watches').open();
    this.#tallies = object.findMap('tallies').open();
    this.#ignored = object.findMap('ignored').open();
    this.#ring = object.findMap('telemetry').open();
  }

  /** Loads the programs. Throws MONITOR_UNAVAILABLE. */
  static load(options: MonitorProgramsOptions): MonitorPrograms {
    const object = openObject(options.objects);
    try {
      configure(object, options);
      object.load();
      const programs = new MonitorPrograms(object);
      programs.#fillTable();
      programs.#addTally(HOST);
      return programs;
    } catch (cause) {
      object.close();
      throw unavailable(cause);
    }
  }

  /** Attaches the programs: from here on what is watched is told. */
  attach(): void {
    for (const name of REQUIRED) this.#links.push(this.#object.findProgram(name).attach());
    for (const [program, consequence] of Object.entries(OPTIONAL)) {
      try {
        this.#links.push(this.#object.findProgram(program).attach());
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        this.#missing.push({ program, consequence });
      }
    }
  }

  /** What this kernel has no tracepoint for, once the programs are attached. */
  get missing(): readonly MissingProgram[] {
    return this.#missing;
  }

  /** The ring's descriptor, which is also what to poll. */
  get ringFd(): number {
    return this.#ring.fd;
  }

  /** The ring's size. */
  get ringBytes(): number {
    return this.#ring.maxEntries;
  }

  /** Watches a workload, more or less of it than before, or nothing. Takes effect with the next call of its tasks. */
  watch(workload: number, visibility: Visibility): void {
    if (workload === HOST) {
      this.watchHost(visibility);
      return;
    }
    this.#addTally(workload);
    const value = new Uint8Array(Uint32Array.of(groupsOf(visibility), 0).buffer);
    if (this.#watches.tryUpdate(key(workload), value) < 0) {
      throw new MonitorError(
        'WORKLOADS_EXHAUSTED',
        `workload ${workload}: expected at most ${this.#watches.maxEntries}`,
      );
    }
  }

  /** Watches tasks that belong to no workload. */
  watchHost(visibility: Visibility): void {
    const groups = this.#object.global('host_groups');
    new DataView(groups.buffer, groups.byteOffset).setUint32(0, groupsOf(visibility), true);
  }

  /** Forgets a workload; its counts stay part of the whole. */
  forget(workload: number): void {
    this.#watches.delete(key(workload));
    this.#ended = addTallies(this.#ended, readTally(this.#tallies, workload));
    this.#tallies.delete(key(workload));
  }

  /** Leaves a process of the host out, such as those of our own: every event of theirs would make the next. */
  ignore(pid: number): void {
    this.#ignored.update(key(pid), Uint8Array.of(1));
  }

  /** Takes {@link ignore} back. */
  heed(pid: number): void {
    this.#ignored.delete(key(pid));
  }

  /** What there was to tell of a workload (0 is the host and tasks of workloads that were forgotten), and what was lost. */
  tallyOf(workload: number): Tally {
    return readTally(this.#tallies, workload);
  }

  /** What there was to tell of all, since the start. */
  tally(): Tally {
    let total = this.#ended;
    for (const bytes of this.#tallies.keys()) {
      const workload = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      total = addTallies(total, readTally(this.#tallies, workload));
    }
    return total;
  }

  /** Detaches the programs: nothing more is told, what is in the ring can still be read. */
  detach(): void {
    for (const link of this.#links.splice(0)) link.destroy();
  }

  /** Detaches and unloads the programs. Does nothing the second time. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.detach();
    for (const map of [this.labels, this.#watches, this.#tallies, this.#ignored, this.#ring]) map.close();
    this.#object.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #fillTable(): void {
    const table = this.#object.findMap('syscalls').open();
    for (const [number, entry] of encodeCallTable()) table.update(key(number), entry);
    table.close();
  }

  #addTally(workload: number): void {
    if (this.#tallies.lookup(key(workload), new Uint8Array(this.#tallies.valueBytes))) return;
    this.#tallies.tryUpdate(key(workload), new Uint8Array(this.#tallies.valueBytes));
  }
}

function openObject(directory: string): BpfObject {
  const path = `${directory}/monitor.bpf.o`;
  if (!existsSync(path)) {
    throw new MonitorError('MONITOR_UNAVAILABLE', `monitor: expected the compiled programs at ${path}`);
  }
  return BpfObject.open(path);
}

function configure(object: BpfObject, options: MonitorProgramsOptions): void {
  const ring = object.findMap('telemetry');
  ring.setMaxEntries(options.ringBytes ?? DEFAULT_RING_BYTES);
  // libbpf takes the next size that a ring can have.
  const ringBytes = ring.maxEntries;
  object.setGlobal('ring_limit', BigInt(ringBytes - ringBytes / 8));
  object.setGlobal('tells_missing', options.tellsMissingFiles ?? false);
  object.setGlobal('tells_kernel_files', options.tellsKernelFiles ?? false);
  object.setGlobal('keeps_labels', options.labelsPin === undefined);
  makeRoomForEveryTask(object.findMap('lives'));
  const labels = object.findMap('labels');
  makeRoomForEveryTask(labels);
  if (options.labelsPin !== undefined) labels.setPinPath(options.labelsPin);
}

function unavailable(cause: unknown): unknown {
  if (!(cause instanceof KernelError)) return cause;
  return new MonitorError(
    'MONITOR_UNAVAILABLE',
    `monitor: the kernel refuses the programs: ${cause.message}`,
    {
      cause,
    },
  );
}

function key(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
