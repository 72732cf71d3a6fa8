import { Worker } from 'node:worker_threads';
import type { MissingProgram } from '@kubearmor/monitor';
import { AgentError } from '../errors.js';
import type { Chunk } from '../grpc/wire/frame-writer.js';
import { SharedSlab } from '../grpc/wire/shared-slab.js';
import type { AuditAlert } from './audit-alert.js';
import {
  IN_FLIGHT,
  type LogCounts,
  type LogLoss,
  type LogOrder,
  type LogReport,
  type LogThreadData,
  type SentChunk,
  type SentLines,
} from './log-thread-protocol.js';

/** What the thread needs to know. */
export type LogWorkerOptions = Omit<LogThreadData, 'control'>;

/** Who takes what the thread makes. */
export interface LogTaker {
  readonly chunks: (chunks: readonly Chunk[]) => void;
  readonly lines: (lines: SentLines) => void;
  readonly lost: (losses: readonly LogLoss[]) => void;
  readonly alerts: (alerts: readonly AuditAlert[]) => void;
  /** The thread has ended without being asked to. */
  readonly failed: (error: unknown) => void;
}

/** What a thread that has started can do, or why there is none. */
export type LogStart =
  | { readonly kind: 'started'; readonly missing: readonly MissingProgram[] }
  | { readonly kind: 'unavailable'; readonly reason: string };

const YOUNG_MB = 16;

/** The thread that watches the kernel and makes logs: what floods it delays no alert. */
export class LogWorker {
  readonly #taker: LogTaker;
  readonly #worker: Worker;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #started = Promise.withResolvers<LogStart>();
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, PromiseWithResolvers<LogCounts | undefined>>();
  #serial = 0;
  #isClosing = false;

  private constructor(taker: LogTaker, options: LogWorkerOptions) {
    this.#taker = taker;
    this.#control = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const workerData: LogThreadData = { ...options, control: this.#control };
    this.#worker = new Worker(new URL('./log-thread.js', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker.on('message', (report: LogReport) => {
      this.#take(report);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error);
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail(new AgentError('LOG_THREAD_ENDED', 'log thread: expected it to run, it has ended'));
        resolve();
      });
    });
  }

  /** Starts the thread. */
  static start(taker: LogTaker, options: LogWorkerOptions): LogWorker {
    return new LogWorker(taker, options);
  }

  /** Whether it watches; it has loaded everything by then. */
  get started(): Promise<LogStart> {
    return this.#started.promise;
  }

  /** Gives an order; resolves when it is carried out. */
  async order(order: LogOrder): Promise<LogCounts | undefined> {
    const serial = ++this.#serial;
    const answer = Promise.withResolvers<LogCounts | undefined>();
    this.#waiting.set(serial, answer);
    this.#worker.postMessage({ serial, order });
    return answer.promise;
  }

  /** Ends the thread; what it has put aside is still taken. */
  async close(): Promise<void> {
    this.#isClosing = true;
    void this.order({ kind: 'end' }).catch(() => undefined);
    await this.#exited;
  }

  #take(report: LogReport): void {
    switch (report.kind) {
      case 'unavailable':
        // It ends by itself.
        this.#isClosing = true;
        this.#started.resolve(report);
        return;
      case 'started':
        this.#started.resolve(report);
        return;
      case 'done':
        this.#answer(report.serial)?.resolve(report.counts);
        return;
      case 'refused':
        this.#answer(report.serial)?.reject(new AgentError('LOG_ORDER_REFUSED', report.reason));
        return;
      case 'lost':
        this.#taker.lost(report.losses);
        return;
      case 'alerts':
        this.#taker.alerts(report.alerts);
        return;
      case 'batch':
        if (report.chunks.length > 0) this.#taker.chunks(report.chunks.map(toChunk));
        if (report.lines !== undefined) this.#taker.lines(report.lines);
        Atomics.sub(this.#control, IN_FLIGHT, 1);
        Atomics.notify(this.#control, IN_FLIGHT);
        return;
    }
  }

  #answer(serial: number): PromiseWithResolvers<LogCounts | undefined> | undefined {
    const answer = this.#waiting.get(serial);
    this.#waiting.delete(serial);
    return answer;
  }

  #fail(error: unknown): void {
    for (const answer of this.#waiting.values()) answer.reject(error);
    this.#waiting.clear();
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#started.resolve({ kind: 'unavailable', reason: String(error) });
    this.#taker.failed(error);
  }
}

function toChunk({ memory, offset, length, messages, shares }: SentChunk): Chunk {
  return { bytes: Buffer.from(memory, offset, length), messages, shares, slab: SharedSlab.of(memory) };
}
