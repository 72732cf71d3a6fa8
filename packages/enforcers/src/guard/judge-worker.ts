import { mkdirSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { createEventFd, signalEventFd } from '@kubearmor/kernel';
import { spareName } from './journal-segment.js';
import type { Order, Report } from './messages.js';
import { identify } from './process-identity.js';

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
    this.#worker.on('message', (report: Report) => {
      if (report.kind === 'segmentWanted') this.#openSegment(spool);
      else options.onReport(report);
    });
    this.#worker.on('exit', () => {
      options.onExit();
    });
    this.#worker.on('error', (error) => {
      options.onReport({ kind: 'fault', message: error.stack ?? error.message });
    });
  }

  // This thread may wait for the other, which is asked about what this one opens; not the other way round.
  #openSegment(directory: string): void {
    const writer = identify(process.pid) ?? { pid: process.pid, startTime: '0' };
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = `${directory}/${spareName(writer)}`;
    this.order({ kind: 'segment', path, fd: openSync(path, 'a', 0o600) });
  }

  /** Gives an order; reports come in the order of orders. */
  order(order: Order): void {
    this.#worker.postMessage(order);
    signalEventFd(this.#wake);
  }
}
