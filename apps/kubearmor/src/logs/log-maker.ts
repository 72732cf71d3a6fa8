import { setImmediate } from 'node:timers/promises';
import { UserNames } from '@kubearmor/kernel';
import { Monitor, MonitorError, type MonitorEvent, type Tally, type Visibility } from '@kubearmor/monitor';
import { createSystemClock } from '@kubearmor/service/clock';
import type { LogEvent, LogWorkload } from '@kubearmor/telemetry';
import { LogEncoder } from '../grpc/wire/log-encoder.js';
import { FrameWriter, type Chunk } from '../grpc/wire/frame-writer.js';
import { SharedSlabs } from '../grpc/wire/shared-slabs.js';
import type { AuditAlert } from './audit-alert.js';
import { LineWriter } from './line-writer.js';
import { LossReport } from './loss-report.js';
import {
  IN_FLIGHT,
  MAX_IN_FLIGHT,
  type LogCounts,
  type LogOrder,
  type LogReport,
  type LogThreadData,
  type SentChunk,
} from './log-thread-protocol.js';
import type { WorkloadAudit } from './workload-audit.js';

/** Sends a report; memory in the list moves along. */
export type Report = (report: LogReport, transfer?: ArrayBuffer[]) => void;

type WatchOrder = Extract<LogOrder, { kind: 'watch' }>;

const FULL_BYTES = 32 * 1024;
const SWEEP_MS = 1000;
const FORGET_LOOK_MS = 20;
/** How long what is left of a workload is waited for. */
const FORGET_MS = 60_000;

/** Makes logs of what the monitor sees, encoded for whoever takes them. */
export class LogMaker {
  readonly #data: LogThreadData;
  readonly #report: Report;
  readonly #monitor: Monitor;
  readonly #workloads = new Map<number, LogWorkload>();
  readonly #readOf = new Map<number, number>();
  readonly #audits = new Map<LogWorkload, WorkloadAudit>();
  readonly #names = new UserNames();
  readonly #frames = new FrameWriter(new SharedSlabs());
  readonly #encoder: LogEncoder;
  readonly #losses: LossReport;
  readonly #timer: NodeJS.Timeout;
  readonly #finished = Promise.withResolvers<undefined>();
  #makesFrames = false;
  #lines: LineWriter | undefined;
  #read = 0;
  #logs = 0;

  private constructor(data: LogThreadData, report: Report) {
    this.#data = data;
    this.#report = report;
    this.#encoder = new LogEncoder(data.node);
    this.#monitor = Monitor.start(
      {
        clock: createSystemClock(),
        workloadOf: (id) => this.#workloads.get(id),
        nameUser: (uid) => this.#names.userName(uid),
      },
      { objects: data.objects, labelsPin: data.labelsPin },
    );
    this.#losses = new LossReport(this.#monitor, (id) => this.#workloads.get(id)?.ContainerID ?? '');
    this.#timer = setInterval(() => {
      this.#sweep();
    }, SWEEP_MS);
  }

  /** Starts to watch, nothing at first; undefined where the kernel refuses, which is reported. */
  static start(data: LogThreadData, report: Report): LogMaker | undefined {
    try {
      const maker = new LogMaker(data, report);
      report({ kind: 'started', missing: maker.#monitor.missing });
      return maker;
    } catch (thrown) {
      if (!(thrown instanceof MonitorError)) throw thrown;
      report({ kind: 'unavailable', reason: thrown.message });
      return undefined;
    }
  }

  /** Makes logs until it is closed. */
  async run(): Promise<void> {
    const seen = this.#monitor.logs((event) => {
      this.#count(event);
    });
    for await (const logs of seen) {
      this.#make(logs);
      await this.#untilWanted();
      // Orders come between batches.
      await setImmediate();
    }
    this.#finished.resolve(undefined);
  }

  /** Carries an order out and answers it. */
  async obey(serial: number, order: LogOrder): Promise<void> {
    try {
      const counts = await this.#carryOut(order);
      this.#report({ kind: 'done', serial, ...(counts === undefined ? {} : { counts }) });
    } catch (thrown) {
      if (!(thrown instanceof MonitorError)) throw thrown;
      this.#report({ kind: 'refused', serial, reason: thrown.message });
    }
  }

  async #carryOut(order: LogOrder): Promise<LogCounts | undefined> {
    switch (order.kind) {
      case 'watch':
        await this.#watch(order);
        return undefined;
      case 'forget':
        await this.#forget(order.id);
        return undefined;
      case 'make':
        this.#makesFrames = order.frames;
        this.#lines = order.lines === undefined ? undefined : new LineWriter(this.#data.node, order.lines);
        return undefined;
      case 'ignore':
        this.#monitor.programs.ignore(order.pid);
        return undefined;
      case 'count':
        this.#sweep();
        return this.#counts();
      case 'end':
        await this.#end();
        return undefined;
    }
  }

  async #watch({ id, workload, visibility, pids, audit }: WatchOrder): Promise<void> {
    const former = this.#workloads.get(id);
    if (former !== undefined) this.#audits.delete(former);
    const told: Visibility = new Set(visibility);
    let watched = told;
    if (audit !== undefined) {
      // Few workloads have such rules, and what judges them takes memory.
      const { node, version: KubeArmorVersion } = this.#data;
      const { WorkloadAudit } = await import('./workload-audit.js');
      const made = WorkloadAudit.create(id, told, audit, { ...node, KubeArmorVersion });
      this.#audits.set(workload, made);
      watched = made.watched;
    }
    this.#workloads.set(id, workload);
    this.#monitor.watch(id, watched);
    for (const pid of pids) this.#monitor.adopt(pid);
  }

  // What the kernel counted of it and what was read of it are then the same.
  async #forget(id: number): Promise<void> {
    const workload = this.#workloads.get(id);
    this.#monitor.watch(id, new Set());
    const deadlineMs = performance.now() + FORGET_MS;
    while (!this.#hasReadAll(id) && performance.now() < deadlineMs) await pause(FORGET_LOOK_MS);
    // A unit that has been started again is watched again.
    if (this.#workloads.get(id) !== workload) return;
    this.#report({ kind: 'lost', losses: this.#losses.of(id) });
    this.#losses.forget(id);
    this.#monitor.forget(id);
    if (workload !== undefined) this.#audits.delete(workload);
    this.#workloads.delete(id);
    this.#readOf.delete(id);
  }

  // What the kernel has put aside is still told.
  async #end(): Promise<void> {
    clearInterval(this.#timer);
    this.#sweep();
    await this.#monitor.drain();
    await this.#finished.promise;
    await this.#monitor.close();
  }

  #hasReadAll(id: number): boolean {
    const { events, ringFull, busy } = this.#monitor.tally(id);
    return (this.#readOf.get(id) ?? 0) + ringFull + busy >= events;
  }

  #count({ view }: MonitorEvent): void {
    this.#read += 1;
    this.#readOf.set(view.workload, (this.#readOf.get(view.workload) ?? 0) + 1);
  }

  #make(seen: readonly LogEvent[]): void {
    const told = this.#audits.size === 0 ? seen : this.#audit(seen);
    const logs = this.#data.dropsProcessResource ? told.map(withoutProcessResource) : told;
    if (logs.length === 0) return;
    this.#logs += logs.length;
    const chunks = this.#makesFrames ? this.#encode(logs) : [];
    const lines = this.#lines?.write(logs);
    if (chunks.length === 0 && lines === undefined) return;
    Atomics.add(this.#data.control, IN_FLIGHT, 1);
    this.#report({ kind: 'batch', chunks, lines }, lines === undefined ? [] : [lines.bytes.buffer]);
  }

  // Rules may need to see more than is to be told.
  #audit(seen: readonly LogEvent[]): readonly LogEvent[] {
    const alerts: AuditAlert[] = [];
    const logs = seen.filter((log) => {
      const audit = this.#audits.get(log.workload);
      const alert = audit?.alertOf(log);
      if (alert !== undefined) alerts.push(alert);
      return audit?.isTold(log) ?? true;
    });
    if (alerts.length > 0) this.#report({ kind: 'alerts', alerts });
    return logs;
  }

  #encode(logs: readonly LogEvent[]): readonly SentChunk[] {
    for (const log of logs) {
      if (!this.#encoder.encode(log, this.#frames)) this.#losses.oversize(this.#encoder.workloadOf(log));
      if (this.#frames.pendingBytes >= FULL_BYTES) this.#frames.endChunk();
    }
    return this.#frames.take().map(toSent);
  }

  // A consumer that is behind stops the reading, so that the loss happens, and is counted, in one place: the kernel's ring.
  async #untilWanted(): Promise<void> {
    const { control } = this.#data;
    for (;;) {
      const inFlight = Atomics.load(control, IN_FLIGHT);
      if (inFlight < MAX_IN_FLIGHT) return;
      const waiting = Atomics.waitAsync(control, IN_FLIGHT, inFlight);
      if (waiting.async) await waiting.value;
    }
  }

  #sweep(): void {
    this.#monitor.sweep();
    const losses = [...this.#workloads.keys()].flatMap((id) => this.#losses.of(id));
    const all = [...losses, ...this.#losses.ofNobody()];
    if (all.length > 0) this.#report({ kind: 'lost', losses: all });
  }

  #counts(): LogCounts {
    const kernel: Tally = this.#monitor.tally();
    return {
      kernel,
      read: this.#read,
      invalid: this.#monitor.drops.invalid,
      unknownWorkload: this.#monitor.drops.unknownWorkload,
      logs: this.#logs,
    };
  }
}

function withoutProcessResource(log: LogEvent): LogEvent {
  return log.call.Operation === 'Process' ? { ...log, Resource: '' } : log;
}

// The chunk's share of the slab is the receiver's from now on.
function toSent({ bytes, messages, shares }: Chunk): SentChunk {
  const { buffer, byteOffset, length } = bytes;
  if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('expected shared memory');
  return { memory: buffer, offset: byteOffset, length, messages, shares };
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
