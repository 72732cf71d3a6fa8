import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { close, open, openFlags, readTextAt } from '@kubearmor/kernel';
import type { Rule, RuleSet } from '@kubearmor/policy';
import { callJson, RemoteError, ServiceError, subscribeJson, type Logger } from '@kubearmor/service';
import type { z } from 'zod';
import type { Applied, Enforcer, EnforcerStatus, ProtectedTask, RaisedAlert, Support } from '../enforcer.js';
import { EnforcerError } from '../errors.js';
import { composeAlert } from './compose-alert.js';
import { denialsOf } from './denials.js';
import type { GuardAlert } from './guard-alert.js';
import { alertSchema, countSchema, heldSchema, pingSchema, readBackSchema } from './keeper-messages.js';
import type { WorkloadOrder, WorkloadReadBack } from './messages.js';
import { reachOf } from './reach.js';

/** How the agent reaches its guard. */
export interface GuardOptions {
  /** The keeper's socket. */
  readonly socket: string;
  readonly logFile: string;
  /** How to start a keeper. */
  readonly keeperCommand: readonly [string, ...string[]];
  readonly logger: Logger;
  /** The keeper was gone for so long: what the workloads did meanwhile passed unless an answerer was left. */
  readonly onGap: (milliseconds: number) => void;
}

const PING_MS = 500;
const PING_TIMEOUT_MS = 2000;
const START_TIMEOUT_MS = 15_000;
const ORDER_TIMEOUT_MS = 30_000;

/** The enforcer for kernels without usable LSM programs, as the agent has it. */
export class Guard implements Enforcer {
  readonly name = 'Guard';
  readonly #options: GuardOptions;
  readonly #orders = new Map<number, WorkloadOrder>();
  readonly #roots = new Map<number, number>();
  readonly #stopping = new AbortController();
  #watch: Promise<void> | undefined;
  #keeperPid = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (!(await this.#ping())) await this.#startKeeper();
    for (const order of heldSchema.parse(await this.#call('held', {}))) this.#hold(order);
    this.#watch = this.#watchKeeper();
  }

  supports(rule: Rule): Support {
    return reachOf(rule);
  }

  async protect(task: ProtectedTask, ruleSet: RuleSet): Promise<Applied> {
    const mountinfo = readTextAt(`/proc/${task.pid}/mountinfo`);
    if (mountinfo === undefined) {
      throw new EnforcerError(
        'WORKLOAD_GONE',
        `workload ${task.id}: expected its task ${task.pid} to wait, got none`,
      );
    }
    const order = this.#hold({
      id: task.id,
      root: `/proc/${task.pid}/root`,
      mountinfo,
      ruleSet,
      denials: denialsOf(ruleSet),
    });
    return this.#put(order, task.pid);
  }

  async apply(id: number, ruleSet: RuleSet): Promise<Applied> {
    const held = this.#orders.get(id);
    if (held === undefined)
      throw new EnforcerError('WORKLOAD_UNKNOWN', `workload ${id}: expected a protected one`);
    return this.#put({ ...held, ruleSet, denials: denialsOf(ruleSet) });
  }

  async remove(id: number): Promise<void> {
    this.#drop(id);
    await this.#call('remove', { id });
  }

  /** The workloads that are in force since before this agent started. */
  held(): readonly number[] {
    return [...this.#orders.keys()];
  }

  async *alerts({ signal }: { readonly signal: AbortSignal }): AsyncIterable<RaisedAlert> {
    while (!signal.aborted) {
      try {
        for await (const event of subscribeJson(this.#options.socket, 'alerts', {}, { signal })) {
          yield toRaised(alertSchema.parse(event));
        }
      } catch (thrown) {
        if (!(thrown instanceof ServiceError || thrown instanceof RemoteError)) throw thrown;
        // The keeper is being replaced; what is raised meanwhile is put aside.
        await sleep(PING_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async readBack(): Promise<EnforcerStatus> {
    const { workloads, ...counters } = await this.#parsed(countSchema, 'count', {});
    return { workloads: workloads.map(toApplied), counters };
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
    const result = await this.#parsed(readBackSchema, 'put', { workload: order, tid });
    this.#orders.set(order.id, order);
    return toApplied(result);
  }

  // A descriptor of ours keeps the root reachable, whatever becomes of the workload's first task.
  #hold(order: WorkloadOrder): WorkloadOrder {
    const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
    const fd = open(order.root, O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0)
      throw new EnforcerError('WORKLOAD_GONE', `root ${order.root}: expected a directory, got errno ${-fd}`);
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
    let lastHeardMs = Date.now();
    while (!signal.aborted) {
      await sleep(PING_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if (await this.#ping()) lastHeardMs = Date.now();
      else
        await this.#replaceKeeper(lastHeardMs).catch((thrown: unknown) => {
          this.#options.logger.error({ err: thrown }, 'keeper could not be replaced');
        });
    }
  }

  async #replaceKeeper(lastHeardMs: number): Promise<void> {
    this.#options.logger.error({ pid: this.#keeperPid }, 'keeper is silent, replacing it');
    this.#killKeeper();
    await this.#startKeeper();
    for (const order of this.#orders.values()) await this.#call('put', { workload: order });
    this.#options.onGap(Date.now() - lastHeardMs);
  }

  #killKeeper(): void {
    try {
      if (this.#keeperPid > 0) process.kill(this.#keeperPid, 'SIGKILL');
    } catch {
      this.#options.logger.info({ pid: this.#keeperPid }, 'keeper has ended already');
    }
  }

  async #startKeeper(): Promise<void> {
    const [program, ...args] = this.#options.keeperCommand;
    const log = openSync(this.#options.logFile, 'a', 0o600);
    const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
    child.unref();
    closeSync(log);
    const deadlineMs = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadlineMs) {
      if (await this.#ping()) return;
      if (child.exitCode !== null) break;
      await sleep(50);
    }
    throw new EnforcerError(
      'GUARD_SILENT',
      `keeper: expected it to answer within ${START_TIMEOUT_MS} ms, got ${child.exitCode === null ? 'no answer' : `exit ${child.exitCode}`}; see ${this.#options.logFile}`,
    );
  }

  async #ping(): Promise<boolean> {
    try {
      const result = await callJson(this.#options.socket, 'ping', {}, { timeoutMs: PING_TIMEOUT_MS });
      this.#keeperPid = pingSchema.parse(result).pid;
      return true;
    } catch {
      return false;
    }
  }

  async #call(method: string, params: unknown): Promise<unknown> {
    return callJson(this.#options.socket, method, params, { timeoutMs: ORDER_TIMEOUT_MS });
  }

  async #parsed<T>(schema: z.ZodType<T>, method: string, params: unknown): Promise<T> {
    return schema.parse(await this.#call(method, params));
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
