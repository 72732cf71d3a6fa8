import { Worker } from 'node:worker_threads';
import { createEventFd, signalEventFd } from '@kubearmor/kernel';
import type { Order, Report } from './messages.js';

/** What the judging thread needs. */
export interface JudgeWorkerOptions {
  /** The fanotify group's descriptor. */
  readonly group: number;
  /** The descriptor of the memory shared with the keeper. */
  readonly shared: number;
  /** The directory of the guard's pins. */
  readonly pins: string;
  readonly onError: 'deny' | 'allow';
  /** Directory of the alert journal. */
  readonly spool: string;
  readonly onReport: (report: Report) => void;
  /** The thread has ended. */
  readonly onExit: () => void;
}

/** The judging thread seen from outside. */
export class JudgeWorker {
  readonly #worker: Worker;
  readonly #wake: number;

  constructor(options: JudgeWorkerOptions) {
    const { group, shared, pins, onError, spool } = options;
    this.#wake = createEventFd();
    this.#worker = new Worker(new URL('./judge-thread.js', import.meta.url), {
      workerData: { group, shared, pins, onError, spool, wake: this.#wake },
      // A pause to collect garbage is a pause of every open that waits: the young generation is kept small.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', options.onReport);
    this.#worker.on('exit', () => {
      options.onExit();
    });
    this.#worker.on('error', (error) => {
      options.onReport({ kind: 'fault', message: error.stack ?? error.message });
    });
  }

  /** Gives an order; reports come in the order of orders. */
  order(order: Order): void {
    this.#worker.postMessage(order);
    signalEventFd(this.#wake);
  }
}
