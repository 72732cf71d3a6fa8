import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupOf, unifiedRoot } from '@kubearmor/kernel';
import { E2eError } from '../errors.ts';
import { places } from '../places.ts';
import type { GuardedMachine } from './guarded-machine.ts';
import { Storm, stormCommand, type Task } from './storm.ts';
import { files } from './storm-image.ts';

const KARMOR = `${places.root}apps/karmor/bin/karmor`;

/** A storm that `karmor run` has started. */
export class KarmorStorm {
  readonly storm: Storm;
  readonly #process: ChildProcess;

  private constructor(storm: Storm, child: ChildProcess) {
    this.storm = storm;
    this.#process = child;
  }

  static start(machine: GuardedMachine, tasks: readonly Task[]): KarmorStorm {
    const flags = [
      '--socket',
      machine.socket,
      '--name',
      'storm',
      '--label',
      'app=storm',
      '--image',
      machine.image,
    ];
    const child = spawn(KARMOR, ['run', ...flags, '--', ...stormCommand(files.storm, tasks)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new KarmorStorm(new Storm(tasks, child), child);
  }

  /** The process of `karmor` itself. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The processes of the scope, and their cgroup. */
  inside(): { readonly pids: readonly number[]; readonly cgroup: string } {
    const pids = readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && runs(pid, files.storm));
    const [first] = pids;
    const path = first === undefined ? undefined : cgroupOf(first);
    if (path === undefined) throw new E2eError('E2E_SCOPE', 'expected processes of the storm, got none');
    return { pids, cgroup: join(unifiedRoot(), path) };
  }
}

// Storms outside scopes run under another path.
function runs(pid: number, path: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === path;
  } catch {
    return false;
  }
}
