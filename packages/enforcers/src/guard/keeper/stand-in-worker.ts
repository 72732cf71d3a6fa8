import { Worker } from 'node:worker_threads';
import { createEventFd, pidfdOpen, signalEventFd } from '@kubearmor/kernel';
import { EnforcerError } from '../../errors.js';
import type { Denials } from '../guarded-workload.js';
import { openSpare } from '../journal/open-spare.js';
import type { SharedBatch } from '../answerer/shared-batch.js';
import { CONTROL, type StandInOrder, type StandInReport } from './stand-in-protocol.js';

/** What the thread needs. */
export interface StandInWorkerOptions {
  readonly group: number;
  /** The directory of the guard's pins. */
  readonly pins: string;
  /** Directory of the alert journal. */
  readonly spool: string;
  readonly onError: 'deny' | 'allow';
  /** How long an answerer may be silent. */
  readonly silenceMs: number;
  readonly onFault: (message: string) => void;
}

const TIMEOUT_MS = 60_000;

/** Answers while there is no answerer, in a thread of its own (semantics §7); every order is carried out when its call returns. */
export class StandInWorker {
  readonly #worker: Worker;
  readonly #wake = createEventFd();
  readonly #control = new Int32Array(new SharedArrayBuffer(CONTROL.words * Int32Array.BYTES_PER_ELEMENT));
  #given = 0;
  #isActive = false;

  constructor(options: StandInWorkerOptions) {
    const { group, pins, spool, onError, silenceMs } = options;
    this.#worker = new Worker(new URL('./stand-in-thread.js', import.meta.url), {
      workerData: {
        group,
        pins,
        spool,
        onError,
        silenceMs,
        wake: this.#wake,
        spare: openSpare(spool),
        control: this.#control.buffer,
      },
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.#worker.unref();
    this.#worker.on('message', (report: StandInReport) => {
      if (report.kind === 'segmentWanted') this.#post({ kind: 'segment', ...openSpare(spool) });
      else options.onFault(report.message);
    });
    this.#worker.on('error', (error) => {
      options.onFault(error.stack ?? error.message);
    });
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** How many operations were answered without being judged. */
  get unjudged(): number {
    return Atomics.load(this.#control, CONTROL.unjudged);
  }

  /** Answers everything that comes until {@link stop}. */
  start(): void {
    this.#isActive = true;
    this.#order({ kind: 'start' });
  }

  /** Leaves the answering to a new answerer: nothing that was taken is left without an answer. */
  stop(): void {
    this.#isActive = false;
    this.#order({ kind: 'stop' });
  }

  /** Answers what an answerer that has ended had taken. Only while nobody else reads the group. */
  finish(taken: SharedBatch): void {
    this.#order({ kind: 'finish', shared: taken.fd });
  }

  /** Looks after the process that answers: one that fails while the keeper waits for it is noticed all the same. */
  watch(pid: number, shared: SharedBatch): void {
    const pidfd = pidfdOpen(pid);
    if (pidfd >= 0) this.#order({ kind: 'watch', pidfd, shared: shared.fd });
  }

  /** The process that answers is looked after by nobody else any more. */
  unwatch(): void {
    this.#order({ kind: 'unwatch' });
  }

  /** What an operation of a workload comes to while nobody judges. */
  setDenials(workload: number, denials: Denials | undefined): void {
    this.#order({ kind: 'denials', workload, denials });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#order({ kind: 'end' });
    await this.#worker.terminate();
  }

  #order(order: StandInOrder): void {
    this.#post(order);
    const deadlineMs = performance.now() + TIMEOUT_MS;
    for (;;) {
      const taken = Atomics.load(this.#control, CONTROL.taken);
      if (taken >= this.#given) return;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) break;
      Atomics.wait(this.#control, CONTROL.taken, taken, leftMs);
    }
    throw new EnforcerError(
      'GUARD_SILENT',
      `stand-in: expected it to carry out ${order.kind} within ${TIMEOUT_MS} ms, got nothing`,
    );
  }

  #post(order: StandInOrder): void {
    this.#given++;
    this.#worker.postMessage(order);
    signalEventFd(this.#wake);
  }
}
