import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import {
  changeRoot,
  close,
  CLONE_NEWNS,
  CLONE_NEWPID,
  openNamespace,
  setns,
  unshare,
} from '@kubearmor/kernel/launch';
import { WorkloadsError } from '../errors.js';
import { type ChildEnd, childEnd } from './child-end.js';
import { ScopeInit } from './scope-init.js';
import {
  encodeLaunchMessage,
  isLauncherReply,
  LAUNCH_FD,
  type LauncherReply,
  type LaunchGo,
  type LaunchOrder,
} from './launch-order.js';

/** How the first processes of a scope are started. */
export interface ScopeProcessesOptions {
  readonly launcherPath: string;
  /** Whether the scope has a pid namespace of its own. */
  readonly hasPidNamespace: boolean;
}

// The launcher prints nothing of Node's own, and SIGUSR1 must not open a debugger in it.
const NODE_FLAGS = ['--no-warnings', '--disable-sigusr1'];

/** The launcher of a scope and, with a pid namespace, its init. */
export class ScopeProcesses {
  readonly #init: ScopeInit | undefined;
  readonly #launcher: ChildProcess;
  readonly #pipe: Socket;
  /** How the launcher, and what it has become, ended. */
  readonly end: Promise<ChildEnd>;
  /** The launcher's number, as this process sees it. */
  readonly pid: number;

  private constructor(init: ScopeInit | undefined, launcher: ChildProcess) {
    this.#init = init;
    this.#launcher = launcher;
    this.end = childEnd(launcher);
    const pipe = launcher.stdio[LAUNCH_FD];
    if (launcher.pid === undefined || !(pipe instanceof Socket) || init?.isStarted === false) {
      this.kill();
      throw new WorkloadsError(
        'SCOPE_START_FAILED',
        'scope: expected its first processes to start, they did not',
      );
    }
    this.pid = launcher.pid;
    this.#pipe = pipe;
    // The launcher's end says why it went away; a write that it does not take says nothing more.
    pipe.on('error', () => undefined);
  }

  /** Starts the processes. Everything happens in this turn, in the main thread. */
  static start(options: ScopeProcessesOptions): ScopeProcesses {
    const launch = (): ChildProcess =>
      spawn(process.execPath, [...NODE_FLAGS, options.launcherPath], {
        stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
        env: {},
        cwd: '/',
      });
    if (!options.hasPidNamespace) return new ScopeProcesses(undefined, launch());
    return inNewNamespaces(() => new ScopeProcesses(ScopeInit.start(), launch()));
  }

  /** Resolves when the launcher may be given its order. */
  async settle(): Promise<void> {
    await this.#init?.settle();
  }

  /** Tells the launcher what to become, or to go on. */
  send(message: LaunchOrder | LaunchGo): void {
    this.#pipe.write(encodeLaunchMessage(message));
  }

  /** The launcher's answer to its order; undefined when it ended without one. */
  async reply(): Promise<LauncherReply | undefined> {
    let text = '';
    const chunks: AsyncIterable<unknown> = this.#pipe.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
    const reply: unknown = text.includes('\n') ? JSON.parse(text) : undefined;
    return isLauncherReply(reply) ? reply : undefined;
  }

  /** Sends a signal to the launcher, or what it has become. */
  signal(signal: NodeJS.Signals): void {
    this.#launcher.kill(signal);
  }

  /** Ends everything of the scope, and resolves when it is gone. Without a pid namespace only its first process can be found. */
  async stop(): Promise<void> {
    this.kill();
    this.#pipe.destroy();
    await Promise.all([this.end, this.#init?.end]);
  }

  /** Ends everything of the scope, without waiting. */
  kill(): void {
    this.#launcher.kill('SIGKILL');
    this.#init?.kill();
  }
}

/**
 * Starts children in a pid and a mount namespace of their own and brings this thread back. The mount namespace has to
 * be common to both: when the launcher changes its root, that of the init changes with it, and /proc/1/root is no way
 * out of the scope. A thread between two pid namespaces can start processes but no threads, so nothing may wait here.
 */
function inNewNamespaces<T>(run: () => T): T {
  const cwd = process.cwd();
  const ownRoot = openSync('/', constants.O_RDONLY | constants.O_DIRECTORY);
  const ownPids = openNamespace('self', 'pid');
  const ownMounts = openNamespace('thread-self', 'mnt');
  try {
    unshare(CLONE_NEWPID | CLONE_NEWNS);
    try {
      return run();
    } finally {
      setns(ownPids, CLONE_NEWPID);
      setns(ownMounts, CLONE_NEWNS);
      changeRoot(ownRoot);
      process.chdir(cwd);
    }
  } catch (error) {
    throw WorkloadsError.from(error, 'SCOPE_START_FAILED', 'scope: make the namespaces');
  } finally {
    close(ownPids);
    close(ownMounts);
    closeSync(ownRoot);
  }
}
