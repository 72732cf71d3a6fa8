import type { MissingProgram, Visibility } from '@kubearmor/monitor';
import type { RuleKind, RuleSet } from '@kubearmor/policy';
import type { Counters, Logger } from '@kubearmor/service';
import type { LogNode, LogWorkload } from '@kubearmor/telemetry';
import type { EventFeeds } from '../grpc/streams/event-feeds.js';
import type { AuditAlert } from '../logs/audit-alert.js';
import type { LogCounts, LogLoss, LogOrder } from '../logs/log-thread-protocol.js';
import { LogWorker } from '../logs/log-worker.js';
import { addCounts, NO_COUNTS } from './log-counts.js';
import type { LogOutlet } from './outlets.js';

/** Whether operations are seen here. */
export interface MonitorState {
  readonly state: 'resting' | 'watching' | 'not available';
  /** Why it is not available, or rests. */
  readonly reason: string;
  /** What this kernel cannot show. */
  readonly missing: readonly MissingProgram[];
  /** What there was to tell since the agent started. */
  readonly counts: LogCounts;
}

/** What the pipeline needs. */
export interface LogPipelineDeps {
  readonly feeds: Pick<EventFeeds, 'logs' | 'drops' | 'tell'>;
  /** Where lines go; undefined for nowhere. */
  readonly outlet: LogOutlet | undefined;
  /** Takes alerts of rules about what only the monitor sees. */
  readonly raise: (alert: AuditAlert) => void;
  readonly counters: Counters;
  readonly logger: Logger;
}

/** A workload that is watched. */
export interface WatchedWorkload {
  readonly workload: LogWorkload;
  /** Its rules, of which those count that are about what only the monitor sees. */
  readonly ruleSet?: RuleSet;
  /** A path to its root, for those rules. */
  readonly root?: string | undefined;
}

/** How the pipeline is. */
export interface LogPipelineOptions {
  readonly objects: string;
  /** Where the guard's labels of tasks are pinned. */
  readonly labelsPin: string;
  readonly node: LogNode;
  /** The agent's version, for alerts. */
  readonly version: string;
  readonly visibility: Visibility;
  readonly hostVisibility: Visibility;
  /** Whether logs of processes have no `Resource`. */
  readonly dropsProcessResource: boolean;
}

const SEEN_KINDS: ReadonlySet<RuleKind> = new Set(['syscall', 'capabilities', 'dns']);
const HOST = 0;
/** A client that comes again soon finds everything as it was. */
const LINGER_MS = 2000;
const RETRY_MS = 10_000;

/**
 * Brings logs of what workloads do to whoever takes them. While nobody does, no program is in the kernel, no thread runs,
 * and nothing costs anything.
 */
export class LogPipeline {
  readonly #deps: LogPipelineDeps;
  readonly #options: LogPipelineOptions;
  readonly #workloads = new Map<number, WatchedWorkload>([[HOST, { workload: { Type: 'HostLog' } }]]);
  readonly #ignored = new Set<number>();
  #visibility: Visibility;
  #hostVisibility: Visibility;
  #worker: LogWorker | undefined;
  #missing: readonly MissingProgram[] = [];
  /** Why the last start failed; undefined when it did not. */
  #failure: string | undefined;
  /** What threads that have ended have told. */
  #past: LogCounts = NO_COUNTS;
  #settling: Promise<void> = Promise.resolve();
  /** How many clients are about to come. */
  #preparing = 0;
  #lingersUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(deps: LogPipelineDeps, options: LogPipelineOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#visibility = options.visibility;
    this.#hostVisibility = options.hostVisibility;
  }

  /** Starts to watch if what the configuration names takes logs. */
  async start(): Promise<void> {
    await this.#settle();
  }

  /** Gets ready for a client that comes at once: it is told of everything from then on. */
  async prepare(): Promise<void> {
    this.#preparing += 1;
    await this.#settle();
    this.#preparing -= 1;
    this.#linger();
  }

  /** The first client has come, or the last one gone. */
  setWatched(isWatched: boolean): void {
    if (!isWatched) this.#linger();
    void this.#settle();
  }

  /** Watches a workload, whose first process this is, before that goes on. */
  async watch(id: number, workload: WatchedWorkload, pid: number | undefined): Promise<void> {
    this.#workloads.set(id, workload);
    const isNeeded = auditOf(workload) !== undefined && this.#worker === undefined;
    if (isNeeded) await this.#settle();
    await this.#order(this.#watchOrder(id, workload, pid === undefined ? [] : [pid]));
  }

  /** Forgets a workload in which nothing runs any more, once all of it is told. */
  async forget(id: number): Promise<void> {
    const known = this.#workloads.get(id);
    if (!this.#workloads.delete(id)) return;
    await this.#order({ kind: 'forget', id });
    this.#deps.feeds.drops.forget(known?.workload.ContainerID ?? '');
    if (known !== undefined && auditOf(known) !== undefined) await this.#settle();
  }

  /** Leaves processes of the host out. */
  ignore(pids: readonly number[]): void {
    for (const pid of pids) {
      if (this.#ignored.has(pid)) continue;
      this.#ignored.add(pid);
      void this.#order({ kind: 'ignore', pid });
    }
  }

  /** Watches more or less of every workload and of the host from now on. */
  async setVisibility(visibility: Visibility, hostVisibility: Visibility): Promise<void> {
    this.#visibility = visibility;
    this.#hostVisibility = hostVisibility;
    await this.#watchAll();
  }

  /** Whether it watches, and what there was to tell. */
  async state(): Promise<MonitorState> {
    const counts = await this.#order({ kind: 'count' });
    const state =
      this.#failure !== undefined ? 'not available' : counts === undefined ? 'resting' : 'watching';
    return {
      state,
      reason: this.#failure ?? (state === 'resting' ? 'nobody takes logs' : ''),
      missing: this.#missing,
      counts: addCounts(this.#past, counts ?? NO_COUNTS),
    };
  }

  /** Ends everything, with what was seen given to whoever takes it. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#settle();
    await this.#deps.outlet?.sink.close();
  }

  get #isWanted(): boolean {
    if (this.#isStopping) return false;
    const { feeds, outlet } = this.#deps;
    if (outlet !== undefined || feeds.logs.isWatched || this.#preparing > 0) return true;
    if (performance.now() < this.#lingersUntilMs) return true;
    return [...this.#workloads.values()].some((workload) => auditOf(workload) !== undefined);
  }

  #linger(): void {
    this.#lingersUntilMs = performance.now() + LINGER_MS;
    this.#settleLater(LINGER_MS + 1);
  }

  #settleLater(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#settle();
    }, milliseconds);
    this.#timer.unref();
  }

  // One change at a time, each towards what is wanted when its turn comes.
  #settle(): Promise<void> {
    this.#settling = this.#settling.then(async () => {
      if (this.#isWanted && this.#worker === undefined) await this.#begin();
      else if (!this.#isWanted && this.#worker !== undefined) await this.#end(this.#worker);
      if (this.#worker !== undefined) await this.#order(this.#makeOrder());
    });
    return this.#settling;
  }

  async #begin(): Promise<void> {
    const { objects, labelsPin, node, version, dropsProcessResource } = this.#options;
    const worker = LogWorker.start(
      {
        chunks: (chunks) => {
          this.#deps.feeds.logs.offer(chunks);
        },
        lines: (lines) => this.#deps.outlet?.sink.write(lines),
        lost: (losses) => {
          this.#lose(losses);
        },
        alerts: (alerts) => {
          for (const alert of alerts) this.#deps.raise(alert);
        },
        failed: (error) => {
          this.#fail(String(error));
        },
      },
      { objects, labelsPin, node, version, dropsProcessResource },
    );
    const started = await worker.started;
    if (started.kind === 'unavailable') {
      this.#fail(started.reason);
      return;
    }
    this.#worker = worker;
    this.#missing = started.missing;
    this.#failure = undefined;
    for (const pid of this.#ignored) await this.#order({ kind: 'ignore', pid });
    await this.#watchAll();
  }

  async #end(worker: LogWorker): Promise<void> {
    const counts = await this.#order({ kind: 'count' });
    this.#past = addCounts(this.#past, counts ?? NO_COUNTS);
    this.#worker = undefined;
    await worker.close();
  }

  // What protects the machine does not depend on it: the agent goes on, and says so.
  #fail(reason: string): void {
    const isNews = this.#failure !== reason;
    this.#worker = undefined;
    this.#failure = reason;
    this.#deps.counters.counter('monitor_failures').add();
    if (isNews) {
      this.#deps.logger.error({ reason }, 'monitor is not available: there are no logs');
      this.#deps.feeds.tell('ERROR', `monitor: not available: ${reason}`);
    }
    if (!this.#isStopping) this.#settleLater(RETRY_MS);
  }

  async #watchAll(): Promise<void> {
    for (const [id, workload] of this.#workloads) await this.#order(this.#watchOrder(id, workload, []));
  }

  #watchOrder(id: number, known: WatchedWorkload, pids: readonly number[]): LogOrder {
    const visibility = id === HOST ? this.#hostVisibility : this.#visibility;
    const { workload } = known;
    return { kind: 'watch', id, workload, visibility: [...visibility], pids, audit: auditOf(known) };
  }

  #makeOrder(): LogOrder {
    const { feeds, outlet } = this.#deps;
    return { kind: 'make', frames: feeds.logs.isWatched, lines: outlet?.format };
  }

  // An order that cannot be carried out concerns one workload's logs, not what the caller does.
  async #order(order: LogOrder): Promise<LogCounts | undefined> {
    try {
      return await this.#worker?.order(order);
    } catch (thrown) {
      this.#deps.logger.error({ err: thrown, order: order.kind }, 'monitor could not follow an order');
      return undefined;
    }
  }

  #lose(losses: readonly LogLoss[]): void {
    for (const { cause, shares } of losses) {
      const counter = this.#deps.counters.counter('logs_lost', { cause });
      for (const { messages } of shares) counter.add(messages);
      this.#deps.feeds.drops.add({ stream: 'logs', cause, shares });
    }
  }
}

// What remains is judged by the enforcer.
function auditOf({ ruleSet, root }: WatchedWorkload): Extract<LogOrder, { kind: 'watch' }>['audit'] {
  if (ruleSet === undefined || root === undefined) return undefined;
  const rules = ruleSet.rules.filter(({ kind }) => SEEN_KINDS.has(kind));
  return rules.length === 0 ? undefined : { ruleSet: { ...ruleSet, rules }, root };
}
