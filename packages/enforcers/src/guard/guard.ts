import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { close, open, openFlags, procPath, readTextAt } from '@kubearmor/kernel';
import type { Rule, RuleSet } from '@kubearmor/policy';
import { callJson, RemoteError, ServiceError, subscribeJson, type Logger } from '@kubearmor/service';
import type {
  Applied,
  CgroupHierarchy,
  Enforcer,
  EnforcerStatus,
  ProtectedTask,
  RaisedAlert,
  Support,
  UnitCgroup,
  UnitTasks,
} from '../enforcer.js';
import { EnforcerError } from '../errors.js';
import { composeAlert } from './compose-alert.js';
import { denialsOf } from './denials.js';
import type { GuardAlert } from './guard-alert.js';
import {
  countSchema,
  heldSchema,
  pingSchema,
  readBackSchema,
  unitTasksSchema,
} from './keeper/keeper-messages.js';
import { JournalReader } from './journal/journal-reader.js';
import type { WorkloadOrder, WorkloadReadBack } from './messages.js';
import { reachOf } from './reach.js';
import { sharesHostRoot } from './workload-number.js';

/** How the agent reaches its guard. */
export interface GuardOptions {
  /** The keeper's socket. */
  readonly socket: string;
  /** Directory of the alert journal. */
  readonly spool: string;
  readonly logFile: string;
  /** How to start a keeper. */
  readonly keeperCommand: readonly [string, ...string[]];
  readonly logger: Logger;
  /** The keeper was gone for so long: what the workloads did meanwhile passed unless an answerer was left. */
  readonly onGap: (milliseconds: number) => void;
}

const PING_MS = 500;
const PING_TIMEOUT_MS = 1000;
/** One that has ended is seen at once. To replace one that is only slow costs more than to wait: its answerer goes on. */
const SILENCE_MS = 3000;
const READ_BACK_TIMEOUT_MS = 5000;
/** One that ends is seen at once; a machine that is just booting, or emulated, may need long to load one. */
const START_TIMEOUT_MS = 120_000;
const ORDER_TIMEOUT_MS = 30_000;
/** While the guard is gone, everything passes. */
const KEEPER_PRIORITY = -10;
const RETRIES = 100;
const RETRY_MS = 50;

/** The enforcer for kernels without usable LSM programs, as the agent has it. */
export class Guard implements Enforcer {
  readonly name = 'Guard';
  readonly #options: GuardOptions;
  readonly #orders = new Map<number, WorkloadOrder>();
  readonly #roots = new Map<number, number>();
  #units: { readonly hierarchy: CgroupHierarchy; readonly units: readonly UnitCgroup[] } | undefined;
  readonly #stopping = new AbortController();
  #watch: Promise<void> | undefined;
  #reader: JournalReader | undefined;
  #keeperPid = 0;
  #heardAtMs = Date.now();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (!(await this.#ping())) await this.#startKeeper();
    await this.#own();
    for (const order of heldSchema.parse(await this.#call('held', {}))) {
      if (sharesHostRoot(order.id)) this.#orders.set(order.id, { ...order, root: procPath('1/root') });
      else this.#hold(order);
    }
    this.#watch = this.#watchKeeper();
  }

  supports(rule: Rule): Support {
    return reachOf(rule);
  }

  async protect(task: ProtectedTask, ruleSet: RuleSet): Promise<Applied> {
    const { isAudited = false } = task;
    const mountinfo = readTextAt(procPath(`${task.pid}/mountinfo`));
    if (mountinfo === undefined) {
      throw new EnforcerError(
        'WORKLOAD_GONE',
        `workload ${task.id}: expected its task ${task.pid} to wait, got none`,
      );
    }
    const order = {
      id: task.id,
      root: procPath(`${task.pid}/root`),
      mountinfo,
      ruleSet,
      denials: denialsOf(ruleSet, isAudited),
      isAudited,
    };
    // The machine's own root stays reachable by itself; where this fails, what was in force before still is.
    if (sharesHostRoot(task.id)) return this.#put(order);
    const held = this.#hold(order);
    try {
      return await this.#put(held, task.pid);
    } catch (thrown) {
      this.#drop(task.id);
      throw thrown;
    }
  }

  async apply(id: number, ruleSet: RuleSet): Promise<Applied> {
    const held = this.#orders.get(id);
    if (held === undefined)
      throw new EnforcerError('WORKLOAD_UNKNOWN', `workload ${id}: expected a protected one`);
    return this.#put({ ...held, ruleSet, denials: denialsOf(ruleSet, held.isAudited) });
  }

  async setUnits(hierarchy: CgroupHierarchy, units: readonly UnitCgroup[]): Promise<readonly UnitTasks[]> {
    this.#units = { hierarchy, units };
    return unitTasksSchema.parse(await this.#retrying('units', this.#units));
  }

  async remove(id: number): Promise<void> {
    this.#drop(id);
    await this.#retrying('remove', { id });
  }

  /** The workloads that are in force since before this agent started. */
  held(): readonly number[] {
    return [...this.#orders.keys()];
  }

  /** A path to the root of a workload, as long as that is protected. */
  rootOf(id: number): string | undefined {
    if (sharesHostRoot(id)) return this.#orders.get(id)?.root;
    const fd = this.#roots.get(id);
    return fd === undefined ? undefined : `/proc/${process.pid}/fd/${fd}`;
  }

  /** The guard's processes, as they are now. */
  async pids(): Promise<readonly number[]> {
    try {
      const { pid, answerer, spare } = pingSchema.parse(await this.#call('ping', {}, PING_TIMEOUT_MS));
      return [pid, answerer, spare ?? 0].filter((each) => each > 0);
    } catch {
      return [];
    }
  }

  async *alerts({ signal }: { readonly signal: AbortSignal }): AsyncIterable<readonly RaisedAlert[]> {
    this.#reader = new JournalReader({ directory: this.#options.spool });
    for await (const batch of this.#reader.batches(signal)) yield batch.map(toRaised);
  }

  async readBack(): Promise<EnforcerStatus> {
    try {
      const { workloads, ...counters } = countSchema.parse(
        await this.#call('count', {}, READ_BACK_TIMEOUT_MS),
      );
      const alertsMalformed = this.#reader?.malformed ?? 0;
      return { workloads: workloads.map(toApplied), counters: { ...counters, alertsMalformed, silentMs: 0 } };
    } catch (thrown) {
      // A guard that is being replaced must not keep its state from being asked for.
      this.#options.logger.error({ err: thrown }, 'guard could not be asked');
      return { workloads: [], counters: { silentMs: Math.max(1, Date.now() - this.#heardAtMs) } };
    }
  }

  /** Says that everything is protected that was found: what an earlier guard knew besides is forgotten. */
  async settle(): Promise<void> {
    await this.#call('settle', {});
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watch;
    for (const id of [...this.#orders.keys()]) this.#drop(id);
  }

  async release(): Promise<void> {
    this.#stopping.abort();
    await this.#watch;
    if (await this.#ping()) await this.#call('release', {});
  }

  async #put(order: WorkloadOrder, tid?: number): Promise<Applied> {
    const result = readBackSchema.parse(await this.#retrying('put', { workload: order, tid }));
    this.#orders.set(order.id, order);
    return toApplied(result);
  }

  // A descriptor of ours keeps the root reachable, whatever becomes of the workload's first task.
  #hold(order: WorkloadOrder): WorkloadOrder {
    const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
    const fd = open(order.root, O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0)
      throw new EnforcerError('WORKLOAD_GONE', `root ${order.root}: expected a directory, got errno ${-fd}`);
    this.#drop(order.id);
    this.#roots.set(order.id, fd);
    const held = { ...order, root: `/proc/${process.pid}/fd/${fd}` };
    this.#orders.set(order.id, held);
    return held;
  }

  #drop(id: number): void {
    this.#orders.delete(id);
    const fd = this.#roots.get(id);
    this.#roots.delete(id);
    if (fd !== undefined) close(fd);
  }

  async #watchKeeper(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#untilSilent(signal);
      if (this.#isStopping()) return;
      try {
        await this.#replaceKeeper();
      } catch (thrown) {
        this.#options.logger.error({ err: thrown }, 'keeper could not be replaced');
        await sleep(PING_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  // A keeper that ends breaks a connection that is held for that; one that is stopped answers no ping.
  async #untilSilent(signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const watched = AbortSignal.any([signal, done.signal]);
    const broken = this.#untilBroken(watched);
    try {
      while (!signal.aborted) {
        const pause = sleep(PING_MS, false, { signal: watched }).catch(() => false);
        const isBroken = await Promise.race([broken, pause]);
        if (isBroken || !(await this.#ping(SILENCE_MS))) return;
      }
    } finally {
      done.abort();
    }
  }

  async #untilBroken(signal: AbortSignal): Promise<true> {
    try {
      await subscribeJson(this.#options.socket, 'watch', {}, { signal }).next();
    } catch (thrown) {
      if (!(thrown instanceof ServiceError || thrown instanceof RemoteError)) throw thrown;
    }
    return true;
  }

  async #replaceKeeper(): Promise<void> {
    this.#options.logger.error({ pid: this.#keeperPid }, 'keeper is silent, replacing it');
    const silentSinceMs = this.#heardAtMs;
    // The new one ends the one that is silent.
    if (!(await this.#ping())) await this.#startKeeper();
    await this.#restore();
    this.#options.onGap(Date.now() - silentSinceMs);
  }

  async #restore(): Promise<void> {
    await this.#own();
    if (this.#units !== undefined) await this.#call('units', this.#units);
    for (const order of this.#orders.values()) {
      await this.#call('put', { workload: order }).catch((thrown: unknown) => {
        if (!(thrown instanceof RemoteError)) throw thrown;
        // One workload must not leave the others unguarded.
        this.#options.logger.error({ workload: order.id, err: thrown }, 'workload is not guarded any more');
      });
    }
    await this.settle();
  }

  // Rules of the host's must not stop who puts them in force.
  async #own(): Promise<void> {
    await this.#call('own', { pid: process.pid });
  }

  async #startKeeper(): Promise<void> {
    const [program, ...args] = this.#options.keeperCommand;
    const log = openSync(this.#options.logFile, 'a', 0o600);
    const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
    child.unref();
    hurry(child.pid);
    closeSync(log);
    const deadlineMs = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadlineMs) {
      if (await this.#ping()) return;
      if (child.exitCode !== null || child.signalCode !== null) break;
      await sleep(50);
    }
    throw new EnforcerError(
      'GUARD_SILENT',
      `keeper: expected it to answer within ${START_TIMEOUT_MS} ms, got ${child.exitCode === null && child.signalCode === null ? 'no answer' : `exit ${child.exitCode ?? child.signalCode ?? ''}`}; see ${this.#options.logFile}`,
    );
  }

  async #ping(timeoutMs = PING_TIMEOUT_MS): Promise<boolean> {
    try {
      const result = await callJson(this.#options.socket, 'ping', {}, { timeoutMs });
      this.#keeperPid = pingSchema.parse(result).pid;
      this.#heardAtMs = Date.now();
      return true;
    } catch {
      return false;
    }
  }

  // A keeper that dies over an order is replaced; then the order is given once more.
  async #retrying(method: string, params: unknown): Promise<unknown> {
    try {
      return await this.#call(method, params);
    } catch (thrown) {
      if (!(thrown instanceof ServiceError) || this.#stopping.signal.aborted) throw thrown;
      for (let tries = 0; tries < RETRIES && !(await this.#ping()); tries++) await sleep(RETRY_MS);
      return this.#call(method, params);
    }
  }

  async #call(method: string, params: unknown, timeoutMs = ORDER_TIMEOUT_MS): Promise<unknown> {
    return callJson(this.#options.socket, method, params, { timeoutMs });
  }
}

// The keeper raises its own priority, but only once it has loaded everything.
function hurry(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, KEEPER_PRIORITY);
  } catch {
    // It has ended; the wait for it says so.
  }
}

function toRaised(alert: GuardAlert): RaisedAlert {
  return {
    workload: alert.workload,
    rule: alert.decision.alert?.rule ?? '',
    compose: (context) => composeAlert(alert, context),
  };
}

function toApplied({ id, hash, tasks, unwatched }: WorkloadReadBack): Applied {
  return { id, ruleSetHash: hash, tasks, unwatched };
}
