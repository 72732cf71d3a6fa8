// The entry of the thread that makes logs; started by LogWorker only.
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { LogMaker } from './log-maker.js';
import type { LogReport, LogThreadData, NumberedOrder } from './log-thread-protocol.js';

// The thread's edge: workerData is untyped, and only LogWorker starts this file.
// eslint-disable-next-line @typescript-eslint/no-unsafe-assignment
const data: LogThreadData = workerData;

// A thread has a priority of its own: alerts come before logs, and workloads are not kept waiting for theirs.
setPriority(0);

const report = (message: LogReport, transfer: ArrayBuffer[] = []): void => {
  parentPort?.postMessage(message, transfer);
};
const maker = LogMaker.start(data, report);
if (maker !== undefined) {
  parentPort?.on('message', ({ serial, order }: NumberedOrder) => {
    void maker.obey(serial, order).then(() => {
      // The port alone keeps the thread alive.
      if (order.kind === 'end') parentPort?.close();
    });
  });
  await maker.run();
}
