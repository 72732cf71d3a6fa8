import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { WorkloadsError } from '../../errors.js';
import { childEnd } from '../child-end.js';
import type { ScopeOptions } from '../scope-spec.js';
import { type FakeScopeAgent, startFakeScopeAgent } from './fake-scope-agent.js';

// The launcher is a program: tests run what `tsc -b` has made of it, on the real kernel.
const PROGRAM = fileURLToPath(new URL('../../../dist/scope/testing/run-scope-main.js', import.meta.url));

/** How a scope ended. */
export interface ScopeResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running launcher with pipes. */
export type ScopeChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** Whether the tests that take root can run. */
export const IS_ROOT: boolean = process.geteuid?.() === 0;

/** Runs scopes for tests, with an agent that protects nothing. */
export class ScopeRunner {
  readonly agent: FakeScopeAgent;

  private constructor(agent: FakeScopeAgent) {
    this.agent = agent;
  }

  static async start(): Promise<ScopeRunner> {
    if (!existsSync(PROGRAM)) {
      throw new WorkloadsError(
        'SCOPE_START_FAILED',
        `${PROGRAM}: expected a built package, run tsc -b first`,
      );
    }
    return new ScopeRunner(await startFakeScopeAgent());
  }

  /** Runs a command to its end. */
  run(options: Partial<ScopeOptions>, input = ''): Promise<ScopeResult> {
    return this.finish(this.launch(options), input);
  }

  /** Runs a shell script to its end. */
  sh(script: string, options: Partial<ScopeOptions> = {}): Promise<ScopeResult> {
    return this.run({ ...options, command: ['sh', '-c', script] });
  }

  /** Starts a shell script and resolves when it has said its first word. */
  async begin(script: string): Promise<ScopeChild> {
    const child = this.launch({ command: ['sh', '-c', script] });
    await once(child.stdout, 'data');
    return child;
  }

  /** Runs a command in a terminal of its own. */
  runInTerminal(command: readonly string[]): Promise<ScopeResult> {
    const quoted = this.#argv({ command }).map((argument) => `'${argument.replaceAll("'", "'\\''")}'`);
    return this.finish(
      spawn('script', ['-qec', [process.execPath, ...quoted].join(' '), '/dev/null'], {
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
  }

  /** Waits for the end of what was started. */
  async finish(child: ScopeChild, input = ''): Promise<ScopeResult> {
    child.stdin.end(input);
    const [stdout, stderr, end] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      childEnd(child),
    ]);
    return { status: end.code, stdout, stderr };
  }

  launch(options: Partial<ScopeOptions>): ScopeChild {
    return spawn(process.execPath, this.#argv(options), { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent[Symbol.asyncDispose]();
  }

  #argv(options: Partial<ScopeOptions>): string[] {
    const scope = { name: 'test', command: ['true'], ...options };
    return [PROGRAM, this.agent.socketPath, JSON.stringify(scope)];
  }
}
