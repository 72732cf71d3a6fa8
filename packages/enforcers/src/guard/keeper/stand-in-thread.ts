import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { close, pidfdSendSignal, pollMany, PollSet, read } from '@kubearmor/kernel';
import { z } from 'zod';
import { AlertCounts } from '../journal/alert-counts.js';
import { AlertJournal } from '../journal/alert-journal.js';
import { ExecutableIds } from '../labels/executable-ids.js';
import { openGuardMaps, type GuardMaps } from '../guard-maps.js';
import type { Denials } from '../guarded-workload.js';
import { hastenThread } from '../answerer/hasten-thread.js';
import { unjudgedAlert } from './keeper-alerts.js';
import { executablesInUse } from '../labels/labels.js';
import { SharedBatch } from '../answerer/shared-batch.js';
import { Silence } from './silence.js';
import { SpareSegment } from '../journal/spare-segment.js';
import { StandIn } from './stand-in.js';
import { CONTROL, type StandInOrder, type StandInReport } from './stand-in-protocol.js';

const data = z
  .object({
    group: z.number(),
    wake: z.number(),
    pins: z.string(),
    spool: z.string(),
    spare: z.object({ path: z.string(), fd: z.number() }),
    onError: z.enum(['deny', 'allow']),
    silenceMs: z.number(),
    control: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData);

const SIGKILL = 9;
const LOOK_MS = 100;

interface Watched {
  readonly pidfd: number;
  readonly shared: SharedBatch;
  readonly silence: Silence;
}

/**
 * Stands in for an answerer, in a thread that opens nothing: where the machine's own files are watched, whoever waits
 * for an open or for a child's exec waits for this, the keeper's other thread included.
 */
class StandInThread {
  readonly #port: MessagePort;
  readonly #control = new Int32Array(data.control);
  readonly #denials = new Map<number, Denials>();
  readonly #wake = new Uint8Array(8);
  readonly #maps: GuardMaps = openGuardMaps(data.pins);
  readonly #segments: SpareSegment;
  readonly #journal: AlertJournal;
  readonly #standIn: StandIn;
  #watched: Watched | undefined;
  #isActive = false;

  constructor(port: MessagePort) {
    this.#port = port;
    this.#segments = new SpareSegment(data.spare, () => {
      this.#report({ kind: 'segmentWanted' });
    });
    this.#journal = new AlertJournal(
      { counts: AlertCounts.open(this.#maps.alert_counts), nowMs: Date.now },
      { directory: data.spool, begin: (path) => this.#segments.begin(path) },
    );
    this.#standIn = this.#createStandIn();
  }

  run(): void {
    hastenThread();
    const set = new PollSet([data.wake, -1, -1]);
    let isRunning = true;
    while (isRunning) {
      set.setFd(1, this.#watched?.pidfd ?? -1);
      set.setFd(2, this.#isActive ? data.group : -1);
      pollMany(set, LOOK_MS);
      if (set.isReady(0)) isRunning = this.#takeOrders();
      if (this.#watched !== undefined) this.#look(set.isReady(1) && !set.isReady(0));
      if (this.#isActive) this.#pump();
    }
    Atomics.store(this.#control, CONTROL.ended, 1);
  }

  #createStandIn(): StandIn {
    const { executables, execs, labels } = this.#maps;
    const ids = new ExecutableIds(executables, () => executablesInUse(this.#maps));
    return new StandIn({
      group: data.group,
      labels,
      execs,
      denialsOf: (id) => this.#denials.get(id),
      onError: data.onError,
      answered: (operation) => {
        Atomics.add(this.#control, CONTROL.unjudged, 1);
        this.#journal.put(unjudgedAlert(operation, (id) => ids.pathOf(id), Date.now()));
      },
    });
  }

  #takeOrders(): boolean {
    read(data.wake, this.#wake, 8);
    for (;;) {
      const received: { message: StandInOrder } | undefined = receiveMessageOnPort(this.#port);
      if (received === undefined) return true;
      const isLast = received.message.kind === 'end';
      this.#take(received.message);
      Atomics.add(this.#control, CONTROL.taken, 1);
      Atomics.notify(this.#control, CONTROL.taken);
      if (isLast) return false;
    }
  }

  #take(order: StandInOrder): void {
    switch (order.kind) {
      case 'start':
        this.#isActive = true;
        return;
      case 'stop':
        this.#isActive = false;
        return;
      case 'finish':
        this.#finish(order.shared);
        return;
      case 'watch':
        this.#watch(order.pidfd, order.shared);
        return;
      case 'unwatch':
      case 'end':
        this.#unwatch();
        return;
      case 'denials':
        if (order.denials === undefined) this.#denials.delete(order.workload);
        else this.#denials.set(order.workload, order.denials);
        return;
      case 'segment':
        this.#segments.put(order);
        return;
    }
  }

  #finish(fd: number): void {
    const shared = new SharedBatch(fd);
    this.#standIn.finish(shared);
    shared.close();
  }

  #watch(pidfd: number, shared: number): void {
    this.#unwatch();
    const silence = new Silence({ maxStepMs: 1.5 * LOOK_MS, nowMs: performance.now() });
    this.#watched = { pidfd, shared: new SharedBatch(shared), silence };
  }

  #unwatch(): void {
    if (this.#watched === undefined) return;
    this.#watched.shared.close();
    close(this.#watched.pidfd);
    this.#watched = undefined;
  }

  // The keeper does the same; but it may be waiting for this answerer itself.
  #look(hasEnded: boolean): void {
    if (this.#watched === undefined) return;
    const { pidfd, shared, silence } = this.#watched;
    if (hasEnded) {
      this.#standIn.finish(shared);
      this.#isActive = true;
      this.#unwatch();
    } else if (silence.look(shared.heartbeat, performance.now()) >= data.silenceMs)
      pidfdSendSignal(pidfd, SIGKILL);
  }

  #pump(): void {
    try {
      this.#standIn.pump();
    } catch (thrown) {
      const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      this.#report({ kind: 'fault', message });
    }
  }

  #report(report: StandInReport): void {
    this.#port.postMessage(report);
  }
}

if (parentPort !== null) new StandInThread(parentPort).run();
