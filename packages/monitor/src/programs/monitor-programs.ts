import { existsSync } from 'node:fs';
import { BpfObject, KernelError, type BpfMap } from '@kubearmor/kernel';
import { encodeCallTable, encodeSocketCalls } from '../calls/call-table.js';
import { MonitorError } from '../errors.js';
import { ALL_GROUPS, GROUP } from '../record/layout.js';
import { groupsOf, type Visibility } from '../visibility.js';
import { Attachments, type MissingProgram } from './attachments.js';
import { joinFunctionPrograms, placeFunctionPrograms, setTelling } from './function-programs.js';
import { VARIANT_OBJECTS, type MonitorVariant } from './monitor-variant.js';
import { ALWAYS, type ProgramPlace } from './program-place.js';
import { addTallies, NO_EVENTS, readTally, type Tally } from './tally.js';
import { makeRoomForEveryTask } from './task-room.js';
import { WatchedGroups } from './watched-groups.js';

/** Where the monitor's kernel side comes from and how it is set up. */
export interface MonitorProgramsOptions {
  /** Directory of the compiled objects: `monitor.bpf.o` and `monitor_calls.bpf.o`. */
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
  /** By default `functions` where the kernel allows it, else `tracepoints`. */
  readonly variant?: MonitorVariant;
}

const DEFAULT_RING_BYTES = 8 * 1024 * 1024;
const HOST = 0;
// Followed in this order, so that no process is known to us by a call before it is by its beginning.
const PROCESS_PLACES: readonly ProgramPlace[] = [
  { program: 'monitor_fork', groups: ALWAYS },
  { program: 'monitor_exec', groups: ALWAYS },
  { program: 'monitor_exit', groups: ALWAYS },
];
const IO_URING_PLACE: ProgramPlace = {
  program: 'monitor_io_uring',
  groups: GROUP.file,
  consequence: 'opens by io_uring are not seen (Linux 6.3 has their tracepoint)',
};
const TRACEPOINT_PLACES: readonly ProgramPlace[] = [
  { program: 'monitor_sys_exit', groups: ALL_GROUPS },
  {
    program: 'monitor_capable',
    groups: GROUP.capabilities,
    consequence: 'capability checks are not seen (Linux 6.14 has their tracepoint)',
  },
];
const NO_HASHES: MissingProgram = {
  program: 'monitor_hash',
  consequence: 'hashes of what is run are not told (the kernel must allow LSM programs)',
};

/** The monitor's kernel side. Nothing of it is pinned: it sees nothing before it is attached and ends with us. */
export class MonitorPrograms {
  readonly #object: BpfObject;
  readonly #attachments: Attachments;
  readonly #watched = new WatchedGroups();
  readonly #watches: BpfMap;
  readonly #tallies: BpfMap;
  readonly #ignored: BpfMap;
  readonly #ring: BpfMap;
  /** Counts of workloads that are no longer watched. */
  #ended: Tally = NO_EVENTS;
  #isAttached = false;
  #isClosed = false;

  /** How system calls are seen. */
  readonly variant: MonitorVariant;
  /** Which workload a task belongs to: the guard's map, or the monitor's own. */
  readonly labels: BpfMap;

  private constructor({ object, variant, places }: LoadedVariant) {
    this.#object = object;
    this.variant = variant;
    this.#attachments = new Attachments(object, places);
    this.labels = object.findMap('labels').open();
    this.#watches = object.findMap('watches').open();
    this.#tallies = object.findMap('tallies').open();
    this.#ignored = object.findMap('ignored').open();
    this.#ring = object.findMap('telemetry').open();
  }

  /** Loads the programs: in the variant that is asked for, else in the best one that the kernel takes. Throws MONITOR_UNAVAILABLE. */
  static load(options: MonitorProgramsOptions): MonitorPrograms {
    const programs = new MonitorPrograms(loadVariant(options));
    try {
      programs.#fillTables();
      programs.#addTally(HOST);
      return programs;
    } catch (cause) {
      programs.close();
      throw unavailable(cause);
    }
  }

  /** Attaches the programs: from here on what is watched is told. */
  attach(): void {
    if (this.variant === 'functions') setTelling(this.#object, true);
    this.#isAttached = true;
    this.#attachments.probe();
    this.#attachments.follow(this.#watched.all);
  }

  /** What this kernel has no place for, once the programs are attached. */
  get missing(): readonly MissingProgram[] {
    const { missing } = this.#attachments;
    return this.variant === 'tracepoints' ? [...missing, NO_HASHES] : missing;
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
    const groups = groupsOf(visibility);
    this.#addTally(workload);
    const value = new Uint8Array(Uint32Array.of(groups, 0).buffer);
    if (this.#watches.tryUpdate(key(workload), value) < 0) {
      throw new MonitorError(
        'WORKLOADS_EXHAUSTED',
        `workload ${workload}: expected at most ${this.#watches.maxEntries}`,
      );
    }
    this.#note(workload, groups);
  }

  /** Whether a workload is watched: by {@link watch}, and not forgotten since. */
  isWatched(workload: number): boolean {
    return this.#watches.lookup(key(workload), new Uint8Array(this.#watches.valueBytes));
  }

  /** The workload that a task belongs to; undefined for none. */
  workloadOf(tid: number): number | undefined {
    const label = new Uint8Array(this.labels.valueBytes);
    return this.labels.lookup(key(tid), label) ? new DataView(label.buffer).getUint32(0, true) : undefined;
  }

  /** Watches tasks that belong to no workload. */
  watchHost(visibility: Visibility): void {
    const groups = this.#object.global('host_groups');
    new DataView(groups.buffer, groups.byteOffset).setUint32(0, groupsOf(visibility), true);
    this.#note(HOST, groupsOf(visibility));
  }

  /** Forgets a workload; its counts stay part of the whole. */
  forget(workload: number): void {
    this.#watches.delete(key(workload));
    this.#note(workload, 0);
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
    if (this.#isAttached && this.variant === 'functions') setTelling(this.#object, false);
    this.#isAttached = false;
    this.#attachments.detach();
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

  // What is attached changes only with what anybody watches.
  #note(workload: number, groups: number): void {
    const before = this.#watched.all;
    this.#watched.set(workload, groups);
    if (this.#isAttached && this.#watched.all !== before) this.#attachments.follow(this.#watched.all);
  }

  #fillTables(): void {
    const tables = { syscalls: encodeCallTable(), socket_calls: encodeSocketCalls() };
    for (const [name, entries] of Object.entries(tables)) {
      const table = this.#object.findMap(name).open();
      for (const [number, entry] of entries) table.update(key(number), entry);
      table.close();
    }
  }

  #addTally(workload: number): void {
    if (this.#tallies.lookup(key(workload), new Uint8Array(this.#tallies.valueBytes))) return;
    this.#tallies.tryUpdate(key(workload), new Uint8Array(this.#tallies.valueBytes));
  }
}

interface LoadedVariant {
  readonly object: BpfObject;
  readonly variant: MonitorVariant;
  readonly places: readonly ProgramPlace[];
}

function loadVariant(options: MonitorProgramsOptions): LoadedVariant {
  if (options.variant !== undefined) return tryVariant(options.variant, options);
  try {
    return tryVariant('functions', options);
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    return tryVariant('tracepoints', options);
  }
}

function tryVariant(variant: MonitorVariant, options: MonitorProgramsOptions): LoadedVariant {
  const object = openObject(`${options.objects}/${VARIANT_OBJECTS[variant]}`);
  try {
    const calls = variant === 'functions' ? placeFunctionPrograms(object) : TRACEPOINT_PLACES;
    configure(object, options);
    object.load();
    if (variant === 'functions') joinFunctionPrograms(object);
    return { object, variant, places: [...PROCESS_PLACES, ...calls, IO_URING_PLACE] };
  } catch (cause) {
    object.close();
    throw unavailable(cause);
  }
}

function openObject(path: string): BpfObject {
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
