import { existsSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { isSyscallName, hostArchitecture, read, RingReader, syscallNumber } from '@kubearmor/kernel';
import { z } from 'zod';
import { EnforcerError } from '../../errors.js';
import { AlertCounts } from '../journal/alert-counts.js';
import { AlertJournal } from '../journal/alert-journal.js';
import { ExecHash } from '../labels/exec-hash.js';
import { ExecutableIds } from '../labels/executable-ids.js';
import { executablesInUse } from '../labels/labels.js';
import { hastenThread } from './hasten-thread.js';
import { openGuardMaps, type GuardMaps } from '../guard-maps.js';
import { Judge } from '../judge/judge.js';
import {
  answerWaiting,
  RING_BATCH,
  runJudgeLoop,
  type JudgeLoopDeps,
  type LoopCounts,
} from './judge-loop.js';
import {
  COUNTER,
  decodeHashKey,
  encodePendingExec,
  encodeU32,
  LabelView,
  MAX_SYSCALLS,
  RING_BYTES,
  SIZES,
} from '../layout.js';
import type { GuardCounts, Order, Report, WorkloadReadBack } from '../messages.js';
import { OBSERVED_CALLS, type ObservedCall } from '../observe/observation.js';
import { Observer } from '../observe/observer.js';
import { RootMarks } from '../roots/root-marks.js';
import { SharedBatch } from './shared-batch.js';
import { SpareSegment } from '../journal/spare-segment.js';
import type { HashKey } from '../labels/sip-hash.js';
import { WorkloadStore } from './workload-store.js';

const data = z
  .object({
    group: z.number(),
    shared: z.number(),
    wake: z.number(),
    pins: z.string(),
    spool: z.string(),
    spare: z.object({ path: z.string(), fd: z.number() }),
    onError: z.enum(['deny', 'allow']),
  })
  .parse(workerData);

type Work = Exclude<Order, { kind: 'stop' | 'segment' }>;

/** As many as a full ring can hold. */
const MAX_PENDING_BATCHES = 4096;

/** The thread that answers: it owns the rule sets and talks to nobody but its parent. */
class JudgeThread {
  readonly #port: MessagePort;
  readonly #maps: GuardMaps;
  readonly #marks = new RootMarks(data.group);
  readonly #ids: ExecutableIds;
  readonly #store: WorkloadStore;
  readonly #judge: Judge;
  readonly #observer: Observer;
  readonly #loop: JudgeLoopDeps;
  readonly #counts: LoopCounts = { judged: 0, denied: 0, failures: 0 };
  readonly #calls = new Map<number, ObservedCall>();
  readonly #wake = new Uint8Array(8);
  readonly #flag = new Uint8Array(1);
  readonly #exec = new Uint8Array(SIZES.guard_exec);
  readonly #label = new Uint8Array(SIZES.guard_label);
  readonly #seesIoUring = existsSync(`${data.pins}/link-guard_io_uring`);
  readonly #shared = new SharedBatch(data.shared);
  readonly #alertCounts: AlertCounts;
  readonly #segments: SpareSegment;
  readonly #journal: AlertJournal;
  #isAnswering = false;
  #ring: RingReader | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    this.#maps = openGuardMaps(data.pins);
    this.#alertCounts = AlertCounts.open(this.#maps.alert_counts);
    this.#segments = new SpareSegment(data.spare, () => {
      this.#report({ kind: 'segmentWanted' });
    });
    this.#journal = new AlertJournal(
      { counts: this.#alertCounts, nowMs: Date.now },
      { directory: data.spool, begin: (path) => this.#segments.begin(path) },
    );
    this.#ids = new ExecutableIds(this.#maps.executables, () => executablesInUse(this.#maps));
    this.#store = new WorkloadStore(this.#maps, this.#marks, this.#ids, () => {
      // Whoever takes names in one by one is slow, not silent, and what waits is judged by the rules that hold till then.
      answerWaiting(this.#loop, this.#counts);
    });
    this.#judge = this.#createJudge();
    this.#observer = this.#createObserver();
    this.#loop = this.#createLoop();
    this.#describeCalls();
  }

  run(): void {
    hastenThread();
    this.#report({ kind: 'ready' });
    runJudgeLoop(this.#loop, this.#counts);
    this.#judge.tellHeld();
  }

  #createLoop(): JudgeLoopDeps {
    return {
      group: data.group,
      wakeFd: data.wake,
      shared: this.#shared,
      judge: this.#judge,
      observer: this.#observer,
      ring: () => this.#ring,
      isAnswering: () => this.#isAnswering,
      takeOrders: () => this.#takeOrders(),
      answerOnError: data.onError === 'allow',
      fault: (message) => {
        this.#report({ kind: 'fault', message });
      },
      unobserved: () => {
        this.#alertCounts.lose();
      },
    };
  }

  #createJudge(): Judge {
    const label = new LabelView();
    const key = new Uint32Array(1);
    const keyBytes = new Uint8Array(key.buffer);
    return new Judge({
      hash: new ExecHash(this.#hashKey()),
      labelOf: (tid) => {
        key[0] = tid;
        return this.#maps.labels.lookup(keyBytes, label.bytes) ? label : undefined;
      },
      judging: (id) => this.#store.judging(id),
      pathOfExecutable: (id) => this.#ids.pathOf(id),
      prepareExec: (tid, workloads, path, exec) => {
        const exe = this.#store.prepare(workloads, path);
        this.#maps.execs.update(encodeU32(tid), encodePendingExec({ exe, ...exec }));
        // A task that was killed meanwhile has been forgotten already: what is written now nobody would take away.
        if (!this.#maps.labels.lookup(encodeU32(tid), this.#label)) this.#maps.execs.delete(encodeU32(tid));
      },
      isExecuting: (tid) => this.#maps.execs.lookup(encodeU32(tid), this.#exec),
      onlyReadsByIoUring: (tgid) => this.#seesIoUring && !this.#writesByIoUring(tgid),
      writesByIoUring: (tgid) => this.#seesIoUring && this.#writesByIoUring(tgid),
      concerned: (file) => this.#store.concerned(file),
      ignore: (fd) => {
        this.#marks.ignore(fd);
      },
      alert: (alert) => {
        this.#journal.put(alert);
      },
      held: (alerts) => {
        this.#alertCounts.hold(alerts);
      },
      onError: data.onError,
      wallNs,
    });
  }

  #hashKey(): HashKey {
    const value = new Uint8Array(SIZES.guard_key);
    this.#maps.hash_keys.lookup(encodeU32(0), value);
    return decodeHashKey(value);
  }

  // 0 stands for all processes: one that wrote could not be remembered.
  #writesByIoUring(tgid: number): boolean {
    const writers = this.#maps.io_uring_writers;
    return [tgid, 0].some((key) => writers.lookup(encodeU32(key), this.#flag));
  }

  #createObserver(): Observer {
    return new Observer({
      judging: (id) => this.#store.judging(id),
      ids: this.#ids,
      callOf: (number, isCompat) => this.#calls.get(isCompat ? number + MAX_SYSCALLS : number),
      namesChanged: (workload, isMount) => {
        this.#marks.forgetIgnored();
        if (isMount) this.#store.keepJudgingFiles(workload);
      },
      alert: (alert) => {
        this.#journal.put(alert);
      },
      unknown: () => {
        this.#alertCounts.lose();
      },
      wallNsOf: (kernelNs) => wallNs() - (process.hrtime.bigint() - kernelNs),
    });
  }

  // The kernel reports only the calls that are described to it.
  #describeCalls(): void {
    for (const call of OBSERVED_CALLS) {
      for (const isCompat of [false, true]) {
        const number = numberOf(call.name, isCompat);
        if (number < 0 || number >= MAX_SYSCALLS) continue;
        const index = isCompat ? number + MAX_SYSCALLS : number;
        this.#calls.set(index, call);
        const [first, second] = call.paths;
        const value = Uint8Array.of(1, (first?.path ?? -1) + 1, (second?.path ?? -1) + 1, 0);
        this.#maps.syscalls.update(encodeU32(index), value);
      }
    }
  }

  #takeOrders(): boolean {
    read(data.wake, this.#wake, 8);
    for (;;) {
      const received: { message: Order } | undefined = receiveMessageOnPort(this.#port);
      if (received === undefined) return true;
      const order = received.message;
      if (order.kind === 'stop') return false;
      if (order.kind === 'segment') {
        this.#segments.put(order);
        continue;
      }
      this.#take(order);
      this.#shared.beat();
    }
  }

  #take(order: Work): void {
    try {
      const result = this.#carryOut(order);
      this.#report({ kind: 'done', serial: order.serial, ...(result === undefined ? {} : { result }) });
    } catch (thrown) {
      const code = thrown instanceof EnforcerError ? thrown.code : 'GUARD_MESSAGE_INVALID';
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.#report({ kind: 'failed', serial: order.serial, code, message });
    }
  }

  #carryOut(order: Work): GuardCounts | WorkloadReadBack | undefined {
    switch (order.kind) {
      case 'put': {
        this.#observePending();
        const readBack = this.#store.put(order.workload, data.onError);
        if (order.tid !== undefined) this.#store.label(order.workload.id, order.tid);
        return readBack;
      }
      case 'remove':
        this.#observePending();
        this.#store.remove(order.id);
        return undefined;
      case 'start':
        this.#alertCounts.succeed();
        this.#judge.start();
        this.#isAnswering = true;
        return undefined;
      case 'settle':
        // Opened only now: whoever read the ring before has ended, and what its events are about is known.
        this.#ring ??= RingReader.open(this.#maps.events.fd, RING_BYTES);
        this.#store.removeForeign();
        return undefined;
      case 'count':
        return this.#count();
    }
  }

  // What the kernel has reported already is about the workloads and rule sets as they are now.
  #observePending(): void {
    const observe = (view: DataView, offset: number): void => {
      this.#observer.observe(view, offset);
      this.#shared.beat();
    };
    for (let batch = 0; batch < MAX_PENDING_BATCHES; batch++) {
      if ((this.#ring?.readBatch(observe, RING_BATCH) ?? 0) === 0) return;
    }
  }

  #count(): GuardCounts {
    return {
      ...this.#counts,
      forgottenFiles: this.#marks.ignored,
      events: this.#counter(COUNTER.events),
      eventsLost: this.#counter(COUNTER.eventLost),
      labelsLost: this.#counter(COUNTER.labelLost),
      workloads: this.#store.readBackAll(),
    };
  }

  #counter(index: number): number {
    const values = new BigUint64Array(this.#maps.counters.valueBytes / 8);
    this.#maps.counters.lookup(encodeU32(index), new Uint8Array(values.buffer));
    return Number(values.reduce((sum, value) => sum + value, 0n));
  }

  #report(report: Report): void {
    this.#port.postMessage(report);
  }
}

function numberOf(name: string, isCompat: boolean): number {
  const architecture = hostArchitecture();
  if (!isSyscallName(name) || (isCompat && architecture !== 'x86_64')) return -1;
  return syscallNumber(name, isCompat ? 'i386' : architecture);
}

function wallNs(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}

if (parentPort !== null) new JudgeThread(parentPort).run();
