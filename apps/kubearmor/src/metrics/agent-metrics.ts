import { join } from 'node:path';
import { writeFileAtomic, type Counters, type Logger } from '@kubearmor/service';
import type { AgentStatus } from '../agent/agent-status.js';
import type { ListenAddress } from '../config/values/address.js';
import { AlertTally } from './alert-tally.js';
import { HealthServer } from './health-server.js';
import type { MetricsSnapshot } from './metric.js';
import { sampleProcess } from './process-sample.js';
import { readiness } from './readiness.js';
import { renderMetrics } from './render-metrics.js';

/** What {@link AgentMetrics} need of the agent. */
export interface AgentMetricsDependencies {
  readonly counters: Counters;
  readonly logger: Logger;
  readonly status: () => Promise<AgentStatus>;
}

/** How {@link AgentMetrics} are reached. */
export interface AgentMetricsOptions {
  /** Where they listen; undefined for nowhere. */
  readonly address: ListenAddress | undefined;
  /** Where the port is written to, for clients. */
  readonly runDir: string;
}

/** However many ask, the guard is asked once in this time. */
const FRESH_MS = 500;

/** The agent's metrics and health, over HTTP. */
export class AgentMetrics {
  /** Takes every alert that is sent. */
  readonly tally: AlertTally = new AlertTally();
  readonly #deps: AgentMetricsDependencies;
  readonly #server: HealthServer | undefined;
  readonly #portFile: string;
  #taken: { readonly atMs: number; readonly snapshot: Promise<MetricsSnapshot> } | undefined;

  constructor(deps: AgentMetricsDependencies, { address, runDir }: AgentMetricsOptions) {
    this.#deps = deps;
    this.#portFile = join(runDir, 'metrics.port');
    const answers = {
      metrics: async () => renderMetrics(await this.#snapshot()),
      notReady: async () => (await this.#snapshot()).notReady,
    };
    this.#server = address === undefined ? undefined : new HealthServer(answers, address);
  }

  /** Listens; a port that is taken is logged and done without, since what protects the machine must not depend on it. */
  async start(): Promise<void> {
    if (this.#server === undefined) return;
    try {
      await this.#server.open();
      await writeFileAtomic(this.#portFile, `${this.#server.port ?? ''}\n`, { mode: 0o644 });
    } catch (thrown) {
      this.#deps.logger.error({ err: thrown }, 'metrics port is not available, going on without it');
    }
  }

  /** Takes no more clients. */
  async stop(): Promise<void> {
    await this.#server?.close();
  }

  #snapshot(): Promise<MetricsSnapshot> {
    const nowMs = performance.now();
    if (this.#taken === undefined || nowMs - this.#taken.atMs > FRESH_MS) {
      this.#taken = { atMs: nowMs, snapshot: this.#take() };
    }
    return this.#taken.snapshot;
  }

  async #take(): Promise<MetricsSnapshot> {
    const status = await this.#deps.status();
    return {
      status,
      counters: this.#deps.counters.snapshot(),
      alerts: this.tally.all(),
      process: sampleProcess(),
      notReady: readiness(status),
    };
  }
}
