import { Worker } from 'node:worker_threads';
import { KernelError } from './errors.js';
import { close, createEventFd, signalEventFd } from './file-descriptor.js';
import type { RingBatch } from './ring-batch.js';
import { IN_FLIGHT, type RingThreadData, STOPPING } from './ring-thread-protocol.js';

/** How a ring is read by a thread of its own. */
export interface RingWorkerOptions {
  /** The ring's map. Stays the caller's; keep it open until the worker is closed. */
  readonly mapFd: number;
  /** The ring's size in bytes: its max_entries. */
  readonly sizeBytes: number;
  /** A batch ends once it has this many bytes. By default 256 KiB. */
  readonly maxBatchBytes?: number;
  /** Batches handed over and not yet consumed before the thread stops reading; records then wait, and drop, in the kernel's ring. By default 8. */
  readonly maxInFlight?: number;
  /** How long the thread waits for records before it looks around. By default 250. */
  readonly pollTimeoutMs?: number;
  /** How long the thread lets records gather, once there are some, before it hands them on. By default 0: at once. */
  readonly settleMs?: number;
  /** How long closing waits for the thread to end by itself. By default 2000. */
  readonly closeTimeoutMs?: number;
  /** The thread's entry. By default the one beside this file; a test that runs from source gives its own. */
  readonly threadUrl?: URL;
}

/** A ring read by a worker thread: batches arrive as an async iterable that one consumer walks. */
export class RingWorker implements AsyncIterable<RingBatch> {
  readonly #worker: Worker;
  readonly #wakeFd: number;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #closeTimeoutMs: number;
  readonly #queue: RingBatch[] = [];
  readonly #exited: Promise<void>;
  #waiting: (() => void) | undefined;
  #failure: KernelError | undefined;
  #hasEnded = false;
  #closing: Promise<void> | undefined;

  private constructor(options: RingWorkerOptions) {
    this.#control = new Int32Array(new SharedArrayBuffer(8));
    this.#wakeFd = createEventFd();
    this.#closeTimeoutMs = options.closeTimeoutMs ?? 2000;
    const data: RingThreadData = {
      mapFd: options.mapFd,
      sizeBytes: options.sizeBytes,
      wakeFd: this.#wakeFd,
      maxBatchBytes: options.maxBatchBytes ?? 262_144,
      maxInFlight: options.maxInFlight ?? 8,
      pollTimeoutMs: options.pollTimeoutMs ?? 250,
      settleMs: options.settleMs ?? 0,
      control: this.#control,
    };
    this.#worker = new Worker(options.threadUrl ?? new URL('./ring-thread.js', import.meta.url), {
      workerData: data,
    });
    this.#worker.on('message', (batch: RingBatch) => {
      this.#queue.push(batch);
      this.#wake();
    });
    this.#worker.on('error', (error) => {
      this.#failure = KernelError.from(error, `thread of ring ${options.mapFd}`);
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      });
    });
  }

  /** Starts the thread. */
  static start(options: RingWorkerOptions): RingWorker {
    return new RingWorker(options);
  }

  /** Batches in the order of the ring, until the worker is closed; what was read before that is still delivered. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RingBatch, void, undefined> {
    for (;;) {
      const batch = this.#queue.shift();
      if (batch !== undefined) {
        this.#returnCredit();
        yield batch;
      } else if (this.#hasEnded) {
        if (this.#failure !== undefined) throw this.#failure;
        return;
      } else {
        await this.#nextWake();
      }
    }
  }

  /** Ends the thread, which first reads what is left in the ring. Throws TIMED_OUT if it had to be stopped by force. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    Atomics.store(this.#control, STOPPING, 1);
    Atomics.notify(this.#control, IN_FLIGHT);
    Atomics.notify(this.#control, STOPPING);
    signalEventFd(this.#wakeFd);
    const hasExited = await this.#exitsInTime();
    if (!hasExited) await this.#worker.terminate();
    close(this.#wakeFd);
    if (!hasExited) {
      throw new KernelError(
        'TIMED_OUT',
        `ring thread: expected to end in ${this.#closeTimeoutMs} ms, stopped by force`,
      );
    }
  }

  async #exitsInTime(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, this.#closeTimeoutMs, false);
    const exited = this.#exited.then(() => true);
    const isInTime = await Promise.race([exited, promise]);
    clearTimeout(timer);
    return isInTime;
  }

  #returnCredit(): void {
    Atomics.sub(this.#control, IN_FLIGHT, 1);
    Atomics.notify(this.#control, IN_FLIGHT);
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}
