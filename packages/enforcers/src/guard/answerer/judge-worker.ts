import { Worker } from 'node:worker_threads';
import { createEventFd, signalEventFd } from '@kubearmor/kernel';
import type { Order, Report } from '../messages.js';
import { openSpare } from '../journal/open-spare.js';

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
      // It has a file before it has anything to tell.
      workerData: { group, shared, pins, onError, spool, wake: this.#wake, spare: openSpare(spool) },
      // A pause to collect garbage is a pause of every open that waits: the young generation is kept small.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (report: Report) => {
      // This thread may wait for the other, which is asked about what this one opens; not the other way round.
      if (report.kind === 'segmentWanted') this.order({ kind: 'segment', ...openSpare(spool) });
      else options.onReport(report);
    });
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
