import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs';
import { release } from 'node:os';
import {
  BpfObject,
  close,
  KernelError,
  open,
  openFlags,
  type BpfLink,
  type BpfObjectMap,
} from '@kubearmor/kernel';
import { MAP_NAMES, openGuardMaps, type GuardMaps } from './guard-maps.js';
import { guardPins } from './guard-pins.js';
import { encodeU32, SIZES } from './layout.js';

/** The maps that observe.bpf.o shares with guard.bpf.o. */
const SHARED_MAPS = ['labels', 'workloads', 'events', 'counters', 'syscalls'] as const;
/** Those that io_uring.bpf.o shares with guard.bpf.o. */
const IO_URING_MAPS = ['labels', 'workloads', 'counters', 'io_uring_writers'] as const;
/** One entry for each task, or each process. */
const PER_TASK_MAPS = ['labels', 'execs', 'io_uring_writers'] as const;
const MAX_PREALLOCATED = 262_144;
const RAW_TRACEPOINTS = [
  'guard_newtask',
  'guard_exec',
  'guard_exit',
  'guard_cgroup_mkdir',
  'guard_cgroup_rmdir',
  'guard_cgroup_attach',
] as const;
const CGROUP_PROGRAMS = [
  'guard_socket_create',
  'guard_bind4',
  'guard_bind6',
  'guard_connect4',
  'guard_connect6',
  'guard_sendmsg4',
  'guard_sendmsg6',
] as const;

/** Where the guard's kernel side comes from and where it stays. */
export interface GuardProgramsOptions {
  /** Directory of the compiled objects, `guard.bpf.o` and `observe.bpf.o`. */
  readonly objects: string;
  /** Directory of bpffs for all pins of the product. */
  readonly pins: string;
  /** The root of the unified cgroup hierarchy. */
  readonly cgroup: string;
}

/** The guard's kernel side: loaded once, pinned, and found again by whoever comes next. */
export class GuardPrograms {
  readonly #options: GuardProgramsOptions;
  readonly directory: string;

  constructor(options: GuardProgramsOptions) {
    this.#options = options;
    this.directory = guardPins(options.pins);
  }

  /** Loads and pins the programs unless they are there already, whole; returns their maps. */
  ensure(): GuardMaps {
    if (!this.#isWhole()) {
      this.release();
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      this.#load();
    }
    return openGuardMaps(this.directory);
  }

  /** Watches system calls that raise no permission event, or stops to: watching costs every call of the machine. */
  observe(isWanted: boolean): void {
    const pin = `${this.directory}/link-guard_sys_exit`;
    if (!isWanted) remove(pin);
    else if (!existsSync(pin)) this.#attachObserver(pin);
  }

  /** Removes every pin: with the last one the kernel lets go of the programs. */
  release(): void {
    if (!existsSync(this.directory)) return;
    for (const name of readdirSync(this.directory)) remove(`${this.directory}/${name}`);
    rmdirSync(this.directory);
    if (readdirSync(this.#options.pins).length === 0) rmdirSync(this.#options.pins);
  }

  #isWhole(): boolean {
    const links = [...RAW_TRACEPOINTS, ...CGROUP_PROGRAMS].map((name) => `link-${name}`);
    return [...MAP_NAMES, ...links].every((name) => existsSync(`${this.directory}/${name}`));
  }

  #load(): void {
    using object = BpfObject.open(`${this.#options.objects}/guard.bpf.o`);
    for (const name of PER_TASK_MAPS) makeRoomForEveryTask(object.findMap(name));
    object.load();
    using keys = object.findMap('hash_keys').open();
    keys.update(encodeU32(0), randomBytes(SIZES.guard_key));
    for (const name of MAP_NAMES) object.findMap(name).pin(`${this.directory}/${name}`);
    for (const name of RAW_TRACEPOINTS) this.#pin(object.findProgram(name).attach(), name);
    const { O_RDONLY, O_CLOEXEC, O_DIRECTORY } = openFlags();
    const cgroup = open(this.#options.cgroup, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    for (const name of CGROUP_PROGRAMS) this.#pin(object.findProgram(name).attachCgroup(cgroup), name);
    close(cgroup);
    this.#attachIoUring();
  }

  // Kernels before 6.3 have no such tracepoint: opens by io_uring then count as reading and writing.
  #attachIoUring(): void {
    const name = 'guard_io_uring';
    try {
      using object = BpfObject.open(`${this.#options.objects}/io_uring.bpf.o`);
      this.#share(object, IO_URING_MAPS);
      object.load();
      this.#pin(object.findProgram(name).attach(), name);
    } catch (thrown) {
      if (!(thrown instanceof KernelError)) throw thrown;
    }
  }

  #pin(link: BpfLink, name: string): void {
    link.pin(`${this.directory}/link-${name}`);
    link.destroy();
  }

  // A map is taken from its pin only where it is the same in every respect.
  #share(object: BpfObject, names: readonly string[]): void {
    const perTask: readonly string[] = PER_TASK_MAPS;
    for (const name of names) {
      const map = object.findMap(name);
      if (perTask.includes(name)) makeRoomForEveryTask(map);
      map.setPinPath(`${this.directory}/${name}`);
    }
  }

  #attachObserver(pin: string): void {
    using object = BpfObject.open(`${this.#options.objects}/observe.bpf.o`);
    this.#share(object, SHARED_MAPS);
    object.load();
    const link = object.findProgram('guard_sys_exit').attach();
    link.pin(pin);
    link.destroy();
  }
}

// A task without room for its label would be nobody's: there are as many places as the kernel has task ids. Run-time
// allocation is safe in tracing programs since 6.1; before, the places of a smaller table are taken beforehand.
function makeRoomForEveryTask(map: BpfObjectMap): void {
  const maxTasks = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
  const canAllocate = isAtLeast(release(), 6, 1);
  map.setMaxEntries(canAllocate ? maxTasks : Math.min(maxTasks, MAX_PREALLOCATED));
  map.setPreallocated(!canAllocate);
}

function isAtLeast(kernel: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = kernel.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}

function remove(path: string): void {
  if (existsSync(path)) unlinkSync(path);
}
