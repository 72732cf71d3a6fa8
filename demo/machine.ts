import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KUBEARMOR = join(ROOT, 'apps/kubearmor/bin/kubearmor');
const KARMOR = join(ROOT, 'apps/karmor/bin/karmor');
const PINS = '/sys/fs/bpf/kubearmor-demo';

/** How a command in a scope ended. */
export interface Ended {
  readonly status: number;
  readonly output: string;
}

/** An agent of the demo's own, in a directory that goes away with it. */
export class Machine {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'kubearmor-demo-'));
  readonly #agent: ChildProcess;
  #log = '';

  constructor(policies: string) {
    const flags = [
      ['--policies', policies],
      ['--run-dir', this.#path('run')],
      ['--state-dir', this.#path('state')],
      ['--pins', PINS],
      ['--logPath', this.#path('alerts.json')],
      ['--logFilter', 'policy'],
      ['--alerts-on-stdout', 'none'],
      ['--defaultFilePosture', 'block'],
      ['--metricsAddress', 'none'],
    ].flat();
    this.#agent = spawn(KUBEARMOR, ['agent', ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#agent.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
  }

  /** Waits until the agent listens; its start line. */
  async ready(): Promise<string> {
    for (let tries = 0; tries < 600 && this.#agent.exitCode === null; tries++) {
      if (this.#log.includes('agent is ready')) return /^kubearmor .*$/m.exec(this.#log)?.[0] ?? '';
      await sleep(50);
    }
    process.stderr.write(this.#log);
    throw new Error('the agent did not start');
  }

  /** Runs a command in a scope of its own. */
  async run(
    scope: { name: string; app: string; image?: string },
    command: readonly string[],
    env: Record<string, string> = {},
  ): Promise<Ended> {
    const flags = [
      '--socket',
      this.#path('run/agent.sock'),
      '--name',
      scope.name,
      '--namespace',
      'demo',
      '--label',
      `app=${scope.app}`,
    ];
    const image = scope.image === undefined ? [] : ['--image', scope.image];
    const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    return ended(
      spawn(KARMOR, ['run', ...flags, ...image, ...variables, '--', ...command], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** The alerts so far. */
  alerts(): Record<string, unknown>[] {
    try {
      const lines = readFileSync(this.#path('alerts.json'), 'utf8').split('\n');
      return lines
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    } catch {
      return [];
    }
  }

  /** Resident memory of agent, keeper and answerer in MB. */
  memory(): Record<string, number> {
    const state = JSON.parse(readFileSync(this.#path('run/guard.json'), 'utf8')) as {
      keeper: { pid: number };
      answerers: { pid: number }[];
    };
    return {
      agent: megabytes(this.#agent.pid ?? 0),
      keeper: megabytes(state.keeper.pid),
      answerer: megabytes(state.answerers[0]?.pid ?? 0),
    };
  }

  /** Ends the agent and everything it left in the kernel. */
  async release(): Promise<void> {
    this.#agent.kill('SIGTERM');
    if (this.#agent.exitCode === null) await once(this.#agent, 'exit');
    await ended(
      spawn(KUBEARMOR, ['release', '--run-dir', this.#path('run'), '--pins', PINS], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    rmSync(this.directory, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.directory, name);
  }
}

/** Waits for a child and collects what it printed. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number>((resolve) =>
    child.once('close', (code) => {
      resolve(code ?? 255);
    }),
  );
  return { status, output };
}

function megabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kilobytes) / 1024);
}
