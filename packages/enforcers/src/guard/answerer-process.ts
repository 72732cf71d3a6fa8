import { spawn, type ChildProcess } from 'node:child_process';
import { EnforcerError, type EnforcerErrorCode } from '../errors.js';
import type { GuardAlert } from './guard-alert.js';
import type { GuardCounts, Order, Report, WorkloadReadBack } from './messages.js';

/** How an answerer is started. */
export interface AnswererProcessOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly group: number;
  readonly shared: number;
  /** Where its own output goes. */
  readonly log: number;
  readonly onAlert: (alert: GuardAlert) => void;
  readonly onFault: (message: string) => void;
  readonly onExit: () => void;
}

type Result = GuardCounts | WorkloadReadBack | undefined;

/** Everything that can be ordered, without what the process adds. */
export type Work =
  | Omit<Extract<Order, { kind: 'put' }>, 'serial'>
  | Omit<Extract<Order, { kind: 'remove' }>, 'serial'>
  | Omit<Extract<Order, { kind: 'count' }>, 'serial'>
  | Omit<Extract<Order, { kind: 'start' }>, 'serial'>;

/** A process that answers, as its keeper has it. */
export class AnswererProcess {
  readonly pid: number;
  readonly ready: Promise<void>;
  readonly #options: AnswererProcessOptions;
  readonly #child: ChildProcess;
  readonly #isReady = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>();
  #serial = 0;
  #hasExited = false;

  constructor(options: AnswererProcessOptions) {
    this.#options = options;
    const [program, ...args] = options.command;
    // Places 3 and 4 are ANSWERER_FDS.
    const stdio = [
      'ignore' as const,
      options.log,
      options.log,
      options.group,
      options.shared,
      'ipc' as const,
    ];
    // A session of its own: what ends the keeper's must not end the answerer.
    this.#child = spawn(program, args, { stdio, detached: true, serialization: 'advanced' });
    this.pid = this.#child.pid ?? 0;
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

  /** Orders one thing; resolves once it is carried out. */
  async order(work: Work): Promise<Result> {
    if (this.#hasExited) throw silent();
    const serial = ++this.#serial;
    const waiting = Promise.withResolvers<Result>();
    this.#waiting.set(serial, waiting);
    this.#child.send({ ...work, serial });
    return waiting.promise;
  }

  /** Ends the process at once. */
  kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
    if (!this.#hasExited) this.#child.kill(signal);
  }

  #take(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.#isReady.resolve();
        return;
      case 'alert':
        this.#options.onAlert(report.alert);
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
    this.#options.onExit();
  }
}

function silent(): EnforcerError {
  const code: EnforcerErrorCode = 'GUARD_SILENT';
  return new EnforcerError(code, 'answerer: expected it to carry out an order, but the process has ended');
}
