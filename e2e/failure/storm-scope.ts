import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Cgroup } from '@kubearmor/kernel';
import { E2eError } from '../errors.ts';
import { until } from '../until.ts';
import type { GuardedMachine } from './guarded-machine.ts';
import { load } from './load.ts';
import { Storm, stormCommand, type Task } from './storm.ts';
import { files } from './storm-image.ts';

const NO_SCOPE = { id: 0, cgroup: '' };
const createdSchema = z.object({ id: z.number(), cgroup: z.string() });

/** Where a scope is started: its image, and the agent that is told of it. */
export type Room = Pick<GuardedMachine, 'image' | 'newWork' | 'call' | 'cgroups'>;

/** What kind of scope. */
export interface StormScopeOptions {
  /** The label by which policies select it; null for namespaces alone, of which no agent hears. By default `storm`. */
  readonly app?: string | null;
  /** The processes work in turn, each for that long. By default at once. */
  readonly turnMs?: number;
}

/** A scope whose only command is a storm. */
export class StormScope {
  readonly id: number;
  readonly cgroup: string;
  readonly storm: Storm;
  readonly #process: ChildProcess;

  private constructor(id: number, cgroup: string, storm: Storm, child: ChildProcess) {
    this.id = id;
    this.cgroup = cgroup;
    this.storm = storm;
    this.#process = child;
  }

  /** Starts a scope, gives it to the agent, and lets the storm begin. */
  static async start(
    machine: Room,
    tasks: readonly Task[],
    options: StormScopeOptions = {},
  ): Promise<StormScope> {
    const { app = 'storm', turnMs } = options;
    const [program, ...words] = stormCommand(files.storm, tasks, turnMs);
    const child = spawn(load.enclose, [machine.newWork(), machine.image, program, ...words], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const pid = await firstNumber(child);
      const { id, cgroup } = app === null ? NO_SCOPE : await protect(machine, app, pid);
      const storm = new Storm(tasks, child);
      child.stdin.write('\n');
      return new StormScope(id, cgroup, storm, child);
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
  }

  /** Ends the storm, and the scope with it. */
  async end(): Promise<void> {
    await this.storm.end();
    if (this.cgroup !== '' && existsSync(this.cgroup)) {
      await until(() => (new Cgroup(this.cgroup).isPopulated() ? undefined : true), { timeoutMs: 5000 });
    }
  }

  /** Ends the process that started it, as the death of `karmor run` would. */
  async killLauncher(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

async function protect(machine: Room, app: string, pid: number): Promise<{ id: number; cgroup: string }> {
  const scope = { name: app, labels: { app } };
  const { id, cgroup } = createdSchema.parse(await machine.call('scope.create', scope));
  machine.cgroups.add(cgroup).add(dirname(cgroup));
  writeFileSync(join(cgroup, 'cgroup.procs'), String(pid));
  await machine.call('scope.protect', { id, pid });
  return { id, cgroup };
}

async function firstNumber(child: ChildProcess): Promise<number> {
  const got = Promise.withResolvers<number>();
  child.stdout?.once('data', (bytes: Buffer) => {
    got.resolve(Number(bytes.toString()));
  });
  child.once('exit', (code) => {
    got.reject(
      new E2eError('E2E_SCOPE', `expected the scope to start, its launcher ended with ${String(code)}`),
    );
  });
  return got.promise;
}
