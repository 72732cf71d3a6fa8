import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { WorkloadsError } from '../errors.js';
import { type ChildEnd, childEnd } from './child-end.js';

/**
 * Copies its input until that ends, which it does when this process dies. It ignores SIGCHLD, so that the kernel reaps
 * the orphans which become its children: by env(1) where that can, since dash and ash do not pass on their own trap.
 */
const SCRIPT =
  'trap "" CHLD; env --ignore-signal=CHLD true 2>/dev/null && exec env --ignore-signal=CHLD cat; exec cat';

/** The init of a scope's pid namespace: all that is in the namespace ends with it, and it ends with this process. */
export class ScopeInit {
  readonly #child: ChildProcess;
  /** How it ended. */
  readonly end: Promise<ChildEnd>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.end = childEnd(child);
    for (const stream of [child.stdin, child.stdout]) stream?.on('error', () => undefined);
  }

  /** Starts it in the pid namespace that this thread makes processes in. */
  static start(): ScopeInit {
    const child = spawn('/bin/sh', ['-c', SCRIPT], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      // A session of its own: what a terminal sends to its foreground is not for it.
      detached: true,
    });
    return new ScopeInit(child);
  }

  /** Whether the process exists. */
  get isStarted(): boolean {
    return this.#child.pid !== undefined;
  }

  /**
   * Resolves when it has become its last program. Until then the root must not change under it: it would execute a
   * program of the scope's with all capabilities.
   */
  async settle(): Promise<void> {
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw notSettled();
    stdin.write('\n');
    const isEchoed = await Promise.race([once(stdout, 'data').then(() => true), this.end.then(() => false)]);
    if (!isEchoed) throw notSettled();
  }

  /** Ends it, and with it everything in its namespace, without waiting. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

function notSettled(): WorkloadsError {
  return new WorkloadsError(
    'SCOPE_START_FAILED',
    'scope: expected /bin/sh, env and cat to make an init, they did not',
  );
}
