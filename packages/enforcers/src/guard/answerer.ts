import { JudgeWorker } from './judge-worker.js';
import type { Order, Report } from './messages.js';
import { Spool } from './spool.js';

/** Descriptors that an answerer is started with. */
export const ANSWERER_FDS = { group: 3, shared: 4 } as const;

/** How an answerer is run. */
export interface AnswererOptions {
  readonly pins: string;
  readonly onError: 'deny' | 'allow';
  /** Where alerts go while there is no keeper to take them. */
  readonly spool: string;
  /** Talks to the keeper: the process's channel. */
  readonly channel: AnswererChannel;
}

/** The part of a process that an answerer speaks through. */
export interface AnswererChannel {
  send(report: Report): boolean;
  onOrder(take: (order: Order) => void): void;
  onDisconnect(take: () => void): void;
}

/**
 * The process that answers. It outlives the keeper: without one it goes on judging by the rules it has and puts its
 * alerts aside. Resolves when it has been told to stop.
 */
export async function runAnswerer(options: AnswererOptions): Promise<void> {
  const { channel } = options;
  const spool = new Spool(options.spool);
  const ended = Promise.withResolvers<void>();
  const worker = new JudgeWorker({
    ...ANSWERER_FDS,
    pins: options.pins,
    onError: options.onError,
    onReport: (report) => {
      if (!channel.send(report) && report.kind === 'alert') spool.put(report.alert);
    },
    onExit: (code) => {
      // A judging thread that ends by itself is a crash: the keeper answers until a new process does.
      if (code === 0) ended.resolve();
      else process.exitCode = 1;
      ended.resolve();
    },
  });
  channel.onOrder((order) => {
    worker.order(order);
  });
  // Something must hold the process while only the thread is busy.
  const hold = setInterval(() => undefined, 60_000);
  channel.onDisconnect(() => undefined);
  process.once('SIGTERM', () => {
    worker.order({ kind: 'stop' });
  });
  await ended.promise;
  clearInterval(hold);
}
