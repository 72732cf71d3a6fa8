// The entry of the worker thread that owns one ring; started by RingWorker only.
import { parentPort, workerData } from 'node:worker_threads';
import { errnoNumber } from './errno.js';
import { KernelError } from './errors.js';
import { read } from './file-descriptor.js';
import { pollMany, PollSet } from './poll.js';
import { RingReader } from './ring-buffer.js';
import { IN_FLIGHT, type RingThreadData, STOPPING } from './ring-thread-protocol.js';

const NEG_EINTR = -errnoNumber('EINTR');

// The thread's edge: workerData is untyped, and only RingWorker starts this file.
// eslint-disable-next-line @typescript-eslint/no-unsafe-assignment
const data: RingThreadData = workerData;
run(data);

function run(options: RingThreadData): void {
  const reader = RingReader.open(options.mapFd, options.sizeBytes);
  const polled = new PollSet([options.mapFd, options.wakeFd]);
  const drained = new Uint8Array(8);
  while (!isStopping(options)) {
    waitForCredit(options);
    const ready = pollMany(polled, options.pollTimeoutMs);
    if (ready < 0 && ready !== NEG_EINTR) throw KernelError.fromErrno(ready, 'poll', `ring ${options.mapFd}`);
    if (polled.isReady(1)) read(options.wakeFd, drained, drained.length);
    else letGather(reader, options);
    handOn(reader, options);
  }
  while (handOn(reader, options));
  reader.close();
}

function isStopping(options: RingThreadData): boolean {
  return Atomics.load(options.control, STOPPING) !== 0;
}

// A slow consumer stops the reading, so that the loss happens, and is counted, in one place: the kernel's full ring.
function waitForCredit(options: RingThreadData): void {
  for (;;) {
    const inFlight = Atomics.load(options.control, IN_FLIGHT);
    if (inFlight < options.maxInFlight || isStopping(options)) return;
    Atomics.wait(options.control, IN_FLIGHT, inFlight, options.pollTimeoutMs);
  }
}

// The kernel wakes us for a record only when we have read all before it: records that gather cost no wake-ups.
function letGather(reader: RingReader, options: RingThreadData): void {
  if (options.settleMs === 0 || reader.pendingBytes === 0 || reader.pendingBytes >= options.maxBatchBytes)
    return;
  Atomics.wait(options.control, STOPPING, 0, options.settleMs);
}

function handOn(reader: RingReader, options: RingThreadData): boolean {
  const batch = reader.copyBatch(options.maxBatchBytes);
  if (batch === undefined) return false;
  if (batch.recordCount === 0) return true;
  Atomics.add(options.control, IN_FLIGHT, 1);
  parentPort?.postMessage(batch, [batch.buffer]);
  return true;
}
