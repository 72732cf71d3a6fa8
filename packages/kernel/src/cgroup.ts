import { procPath } from './procfs.js';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KernelError } from './errors.js';
import { type MountEntry, readMountinfo } from './mountinfo.js';
import { pidfdOpen, pidfdSendSignal } from './pidfd.js';
import { close } from './file-descriptor.js';

const SIGKILL = 9;

/** Where the unified hierarchy is mounted, also on machines that mix both versions. Throws CGROUP_UNAVAILABLE. */
export function unifiedRoot(mounts: readonly MountEntry[] = readMountinfo()): string {
  const mount = mounts.find((candidate) => candidate.fsType === 'cgroup2');
  if (mount === undefined) {
    throw new KernelError('CGROUP_UNAVAILABLE', 'cgroups: expected a mounted cgroup2 hierarchy, found none');
  }
  return mount.mountPoint;
}

/** The cgroup of a process in the unified hierarchy, as a path from its root, such as `/system.slice/x`; undefined when it is gone. */
export function cgroupOf(pid: number | 'self'): string | undefined {
  const text = orUndefined(() => readFileSync(procPath(`${pid}/cgroup`), 'utf8'));
  return text
    ?.split('\n')
    .find((line) => line.startsWith('0::'))
    ?.slice(3);
}

/** A cgroup of the unified hierarchy by its directory. */
export class Cgroup {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Creates the directory, parents included, or takes the one that is there. */
  static create(path: string): Cgroup {
    attempt(`create cgroup ${path}`, () => mkdirSync(path, { recursive: true }));
    return new Cgroup(path);
  }

  /** The id that BPF programs see (bpf_get_current_cgroup_id): the directory's inode number. */
  get id(): bigint {
    return attempt(`cgroup id of ${this.path}`, () => statSync(this.path, { bigint: true }).ino);
  }

  /** Moves a process with all its threads into the cgroup. */
  addPid(pid: number): void {
    attempt(`move pid ${pid} to ${this.path}`, () => {
      writeFileSync(join(this.path, 'cgroup.procs'), String(pid));
    });
  }

  /** The processes directly in the cgroup; those that our pid namespace cannot see are left out. */
  pids(): readonly number[] {
    const text = attempt(`list pids of ${this.path}`, () =>
      readFileSync(join(this.path, 'cgroup.procs'), 'utf8'),
    );
    return text
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  }

  /** The cgroups directly below. */
  children(): readonly Cgroup[] {
    const entries = attempt(`list ${this.path}`, () => readdirSync(this.path, { withFileTypes: true }));
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => new Cgroup(join(this.path, entry.name)));
  }

  /** Whether a process is in the cgroup or below; false when the cgroup is gone. */
  isPopulated(): boolean {
    const text = orUndefined(() => readFileSync(join(this.path, 'cgroup.events'), 'utf8'));
    return text?.includes('populated 1') ?? false;
  }

  /** Kills every process in the cgroup and below: through cgroup.kill (5.14) or one by one. They may take a moment to be gone. */
  kill(): void {
    const isWritten = orUndefined(() => {
      writeFileSync(join(this.path, 'cgroup.kill'), '1', { flag: 'r+' });
      return true;
    });
    if (isWritten !== true) this.#killEach();
  }

  /** Removes the cgroup and those below; processes must be gone (EBUSY otherwise). Does nothing when it is gone already. */
  remove(): void {
    const children = orUndefined(() => this.children());
    if (children === undefined) return;
    for (const child of children) child.remove();
    attempt(`remove cgroup ${this.path}`, () => {
      rmdirSync(this.path);
    });
  }

  #killEach(): void {
    for (const child of this.children()) child.#killEach();
    for (const pid of this.pids()) {
      const pidfd = pidfdOpen(pid);
      if (pidfd < 0) continue;
      pidfdSendSignal(pidfd, SIGKILL);
      close(pidfd);
    }
  }
}

function attempt<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw KernelError.from(error, what);
  }
}

function orUndefined<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
