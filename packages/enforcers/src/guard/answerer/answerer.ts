import { JudgeWorker } from './judge-worker.js';
import type { Order, Report } from '../messages.js';

/** Descriptors that an answerer is started with. */
export const ANSWERER_FDS = { group: 3, shared: 4 } as const;

/** How an answerer is run. */
export interface AnswererOptions {
  readonly pins: string;
  readonly onError: 'deny' | 'allow';
  /** Directory of the alert journal. */
  readonly spool: string;
  /** Talks to the keeper: the process's channel. */
  readonly channel: AnswererChannel;
  /** Where it says what it cannot say to a keeper. */
  readonly complain: (message: string) => void;
}

/** The part of a process that an answerer speaks through. */
export interface AnswererChannel {
  send(report: Report): boolean;
  onOrder(take: (order: Order) => void): void;
  onDisconnect(take: () => void): void;
  onEndRequest(take: () => void): void;
  /** Lets go of the channel, which would hold the process. */
  close(): void;
}

/**
 * The process that answers. It outlives the keeper: without one it goes on judging by the rules it has. Resolves
 * when it has been told to stop, when the keeper is gone before it was told to answer, or when its judging thread
 * has crashed: the keeper then answers until a new process does.
 */
export async function runAnswerer(options: AnswererOptions): Promise<void> {
  const { channel, complain } = options;
  const ended = Promise.withResolvers<undefined>();
  let hasStarted = false;
  const worker = new JudgeWorker({
    ...ANSWERER_FDS,
    pins: options.pins,
    onError: options.onError,
    spool: options.spool,
    onReport: (report) => {
      if (!channel.send(report) && report.kind === 'fault') complain(report.message);
    },
    onExit: () => {
      ended.resolve(undefined);
    },
  });
  channel.onOrder((order) => {
    hasStarted ||= order.kind === 'start';
    worker.order(order);
  });
  channel.onDisconnect(() => {
    if (!hasStarted) worker.order({ kind: 'stop' });
  });
  channel.onEndRequest(() => {
    worker.order({ kind: 'stop' });
  });
  // Something must hold the process while only the thread is busy.
  const hold = setInterval(() => undefined, 60_000);
  await ended.promise;
  clearInterval(hold);
  channel.close();
}
