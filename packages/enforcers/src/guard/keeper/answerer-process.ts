import { spawn, type ChildProcess } from 'node:child_process';
import { close, memfdCreate } from '@kubearmor/kernel';
import { EnforcerError } from '../../errors.js';
import type { GuardCounts, Order, Report, WorkloadReadBack } from '../messages.js';
import { identify, type ProcessIdentity } from '../process-identity.js';
import { SHARED_BYTES, SharedBatch } from '../answerer/shared-batch.js';

/** How an answerer is started. */
export interface AnswererProcessOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly group: number;
  /** Where its own output goes. */
  readonly log: number;
  readonly onFault: (message: string) => void;
  readonly onExit: () => void;
}

type Result = GuardCounts | WorkloadReadBack | undefined;

/** Everything that can be ordered, without what the process adds. */
export type Work =
  | Omit<Extract<Order, { kind: 'put' }>, 'serial'>
  | Omit<Extract<Order, { kind: 'remove' }>, 'serial'>
  | Omit<Extract<Order, { kind: 'count' }>, 'serial'>
  | Omit<Extract<Order, { kind: 'start' }>, 'serial'>
  | Omit<Extract<Order, { kind: 'settle' }>, 'serial'>;

/** A process that answers, as its keeper has it. */
export class AnswererProcess {
  readonly identity: ProcessIdentity;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  /** The events it has taken, and its heartbeat. */
  readonly shared: SharedBatch;
  readonly #options: AnswererProcessOptions;
  readonly #child: ChildProcess;
  readonly #isReady = Promise.withResolvers<void>();
  readonly #hasEnded = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>();
  #serial = 0;
  #hasExited = false;
  #hasLoaded = false;

  constructor(options: AnswererProcessOptions) {
    this.#options = options;
    const [program, ...args] = options.command;
    const shared = memfdCreate('kubearmor-guard', SHARED_BYTES);
    this.shared = new SharedBatch(shared);
    // Places 3 and 4 are ANSWERER_FDS.
    const stdio = ['ignore' as const, options.log, options.log, options.group, shared, 'ipc' as const];
    // A session of its own: what ends the keeper's must not end the answerer.
    this.#child = spawn(program, args, { stdio, detached: true, serialization: 'advanced' });
    close(shared);
    const pid = this.#child.pid ?? 0;
    this.identity = identify(pid) ?? { pid, startTime: '' };
    this.ended = this.#hasEnded.promise;
    this.ready = this.#isReady.promise;
    this.ready.catch(() => undefined);
    this.#child.on('message', (report: Report) => {
      this.#take(report);
    });
    this.#child.once('exit', () => {
      this.#exited();
    });
    this.#child.once('error', (error) => {
      options.onFault(error.message);
      this.#exited();
    });
  }

  /** Whether it has loaded all that it needs to carry out orders. */
  get isReady(): boolean {
    return this.#hasLoaded;
  }

  /** Orders one thing; resolves once it is carried out. */
  async order(work: Work): Promise<Result> {
    if (this.#hasExited) throw silent();
    const serial = ++this.#serial;
    const waiting = Promise.withResolvers<Result>();
    this.#waiting.set(serial, waiting);
    // A channel that breaks on the way is the end of the process, which is told on its own.
    this.#child.send({ ...work, serial }, () => undefined);
    return waiting.promise;
  }

  /** Ends the process at once. */
  kill(): void {
    if (!this.#hasExited) this.#child.kill('SIGKILL');
  }

  #take(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.#hasLoaded = true;
        this.#isReady.resolve();
        return;
      case 'segmentWanted':
        // Dealt with in the answerer itself.
        return;
      case 'fault':
        this.#options.onFault(report.message);
        return;
      case 'done':
        this.#settle(report.serial)?.resolve(report.result);
        return;
      case 'failed':
        this.#settle(report.serial)?.reject(new EnforcerError(report.code, report.message));
        return;
    }
  }

  #settle(serial: number): PromiseWithResolvers<Result> | undefined {
    const waiting = this.#waiting.get(serial);
    this.#waiting.delete(serial);
    return waiting;
  }

  #exited(): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    this.#isReady.reject(silent());
    for (const waiting of this.#waiting.values()) waiting.reject(silent());
    this.#waiting.clear();
    this.#hasEnded.resolve();
    this.#options.onExit();
  }
}

function silent(): EnforcerError {
  return new EnforcerError(
    'GUARD_SILENT',
    'answerer: expected it to carry out an order, but the process has ended',
  );
}
