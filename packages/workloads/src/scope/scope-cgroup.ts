import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Cgroup } from '@kubearmor/kernel';
import { WorkloadsError } from '../errors.js';

const RETRY_MS = 5;

/** How long removing may take. */
export interface ScopeCgroupRemoveOptions {
  /** How long killed processes may take to be gone. By default 5,000 ms. */
  readonly timeoutMs?: number;
}

/** The cgroup of one scope. */
export class ScopeCgroup {
  /** Its directory. */
  readonly path: string;
  readonly #cgroup: Cgroup;

  constructor(path: string) {
    this.path = path;
    this.#cgroup = new Cgroup(path);
  }

  /** Creates the cgroup of a scope below the one that holds all of an agent's scopes. */
  static create(parent: string, id: number): ScopeCgroup {
    const path = scopeCgroupPath(parent, id);
    Cgroup.create(path);
    return new ScopeCgroup(path);
  }

  /** The id by which BPF programs know it. */
  get id(): bigint {
    return this.#cgroup.id;
  }

  /** The processes in it, also in cgroups that the workload made below. */
  pids(): readonly number[] {
    return pidsOf(this.#cgroup);
  }

  /** Whether nothing runs in it; true when it is gone. */
  isEmpty(): boolean {
    return !this.#cgroup.isPopulated();
  }

  /** Kills everything in it; it may take a moment to be gone. */
  kill(): void {
    this.#cgroup.kill();
  }

  /** Kills everything in it and removes it. Throws CGROUP_BUSY when a process does not go. */
  async remove(options: ScopeCgroupRemoveOptions = {}): Promise<void> {
    const { timeoutMs = 5_000 } = options;
    const end = AbortSignal.timeout(timeoutMs);
    while (!this.isEmpty()) {
      if (end.aborted) {
        const message = `cgroup ${this.path}: expected it to be empty within ${timeoutMs} ms, got ${this.pids().join(' ')}`;
        throw new WorkloadsError('CGROUP_BUSY', message);
      }
      // Again each time: a process may have been forking.
      this.kill();
      await delay(RETRY_MS);
    }
    this.#cgroup.remove();
  }
}

/** The directory of a scope's cgroup. */
export function scopeCgroupPath(parent: string, id: number): string {
  return join(parent, String(id));
}

function pidsOf(cgroup: Cgroup): readonly number[] {
  return [...cgroup.pids(), ...cgroup.children().flatMap(pidsOf)];
}
