import {
  FAN_OPEN_EXEC_PERM,
  FAN_OPEN_PERM,
  flushInodeMarks,
  ignoreInode,
  KernelError,
  markFilesystem,
  type MountEntry,
} from '@kubearmor/kernel';
import { EnforcerError } from '../../errors.js';

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
  'fusectl',
  'configfs',
  'pstore',
  'efivarfs',
  'binfmt_misc',
  'autofs',
]);

// What answers by a process or over a network may wait for whoever waits for our answer.
const ANSWERED_ELSEWHERE = /^(fuse(blk)?(\..+)?|nfs4?|cifs|smb3|ceph|9p|afs|coda|glusterfs|lustre|virtiofs)$/;

/** The marks of a fanotify group: on the file systems that belong to workloads, and on files no rule can touch. */
export class RootMarks {
  readonly #group: number;
  /** Devices of workloads with a root of their own; such a mark goes with its file system. */
  readonly #own = new Set<string>();
  /** Where the machine's own file systems were marked. */
  readonly #shared = new Map<string, MountEntry>();
  #ignored = 0;

  constructor(group: number) {
    this.#group = group;
  }

  /** Watches a workload's file systems; returns those that cannot be watched. */
  add(root: string, mounts: readonly MountEntry[]): readonly MountEntry[] {
    const unmarked: MountEntry[] = [];
    for (const mount of mounts) {
      if (isUnmarkable(mount) || !isWhole(mount)) unmarked.push(mount);
      else {
        this.#mark(root, mount);
        this.#own.add(deviceOf(mount));
      }
    }
    return unmarked;
  }

  /** Watches the machine's own file systems, whole even where a mount shows a part; returns those that cannot be watched. */
  addShared(root: string, mounts: readonly MountEntry[]): readonly MountEntry[] {
    const unmarked: MountEntry[] = [];
    for (const mount of mounts) {
      if (isUnmarkable(mount) || ANSWERED_ELSEWHERE.test(mount.fsType)) unmarked.push(mount);
      else if (!this.#addShared(root, mount)) unmarked.push(mount);
    }
    return unmarked;
  }

  /** Stops watching the machine's own file systems, also those that a process before this one marked: `mounts` are there now. */
  dropShared(root: string, mounts: readonly MountEntry[]): void {
    for (const mount of [...this.#shared.values(), ...mounts]) {
      if (isUnmarkable(mount) || this.#own.has(deviceOf(mount))) continue;
      try {
        markFilesystem(this.#group, WATCHED, `${root}${mount.mountPoint}`, 'remove');
      } catch (thrown) {
        // It was not marked, or is not mounted any more.
        if (!(thrown instanceof KernelError)) throw thrown;
      }
    }
    this.#shared.clear();
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

  // One that the kernel refuses must not leave the others unwatched.
  #addShared(root: string, mount: MountEntry): boolean {
    const key = `${deviceOf(mount)} ${mount.mountPoint}`;
    if (this.#shared.has(key)) return true;
    try {
      markFilesystem(this.#group, WATCHED, `${root}${mount.mountPoint}`, 'add');
    } catch (thrown) {
      if (!(thrown instanceof KernelError)) throw thrown;
      return false;
    }
    this.#shared.set(key, mount);
    return true;
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

function deviceOf({ devMajor, devMinor }: MountEntry): string {
  return `${devMajor}:${devMinor}`;
}
