import {
  FAN_OPEN_EXEC_PERM,
  FAN_OPEN_PERM,
  flushInodeMarks,
  ignoreInode,
  markFilesystem,
  type MountEntry,
} from '@kubearmor/kernel';
import { EnforcerError } from '../errors.js';

const WATCHED = FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM;

// A file system of these types is the kernel's own, shared with the whole machine or closed to permission events.
const NOT_MARKED = new Set([
  'proc',
  'sysfs',
  'devpts',
  'cgroup',
  'cgroup2',
  'mqueue',
  'bpf',
  'tracefs',
  'debugfs',
  'securityfs',
]);

/** The marks of a fanotify group: on the file systems that belong to workloads, and on files no rule can touch. */
export class RootMarks {
  readonly #group: number;
  #ignored = 0;

  constructor(group: number) {
    this.#group = group;
  }

  /** Watches a workload's file systems; returns those that cannot be watched. */
  add(root: string, mounts: readonly MountEntry[]): readonly MountEntry[] {
    const unmarked: MountEntry[] = [];
    for (const mount of mounts) {
      if (isUnmarkable(mount) || !isWhole(mount)) unmarked.push(mount);
      else this.#mark(root, mount);
    }
    return unmarked;
  }

  /** Stops events of a file that no rule can touch, for reading and writing; its execs are still asked about. */
  ignore(eventFd: number): void {
    this.#ignored++;
    ignoreInode(this.#group, FAN_OPEN_PERM, `/proc/self/fd/${eventFd}`);
  }

  /** How many files were forgotten so far. */
  get ignored(): number {
    return this.#ignored;
  }

  /** Forgets every ignored file: rules or names have changed. */
  forgetIgnored(): void {
    flushInodeMarks(this.#group);
  }

  #mark(root: string, mount: MountEntry): void {
    try {
      markFilesystem(this.#group, WATCHED, `${root}${mount.mountPoint}`, 'add');
    } catch (thrown) {
      throw new EnforcerError(
        'MARK_FAILED',
        `file system ${mount.fsType} at ${mount.mountPoint}: expected to be able to watch it, got ${String(thrown)}`,
        { cause: thrown },
      );
    }
  }
}

/** Whether a mount is of a kind of file system that is never watched. */
export function isUnmarkable(mount: MountEntry): boolean {
  return NOT_MARKED.has(mount.fsType);
}

// A bind mount shows a part of a file system that others use too: a mark on it would make them wait.
function isWhole(mount: MountEntry): boolean {
  return mount.root === '/';
}
