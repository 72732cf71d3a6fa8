import { join } from 'node:path';
import { guardPins, type Enforcer } from '@kubearmor/enforcers';
import { trimMemory } from '@kubearmor/kernel';
import type { Counters, Logger } from '@kubearmor/service';
import type { AlertSink, LogNode } from '@kubearmor/telemetry';
import type { EventFeeds } from '../grpc/streams/event-feeds.js';
import type { AgentConfig } from './agent-config.js';
import { AlertPipeline } from './alert-pipeline.js';
import { GuardLosses } from './guard-losses.js';
import { IdleCollection } from './idle-collection.js';
import type { LiveConfig } from './live-config.js';
import { LogPipeline } from './log-pipeline.js';
import { LogWatcher } from './log-watcher.js';
import { createOutlets } from './outlets.js';
import type { Scope } from './scopes.js';
import type { WorkloadWatcher } from './workload-registry.js';

/** What telemetry needs of the agent. */
export interface AgentTelemetryDeps {
  readonly counters: Counters;
  readonly logger: Logger;
  readonly feeds: EventFeeds;
  /** Counts alerts, for the metrics. */
  readonly tally: AlertSink;
  /** The workload of a number. */
  readonly find: (id: number) => Scope | undefined;
}

/** What goes out: alerts and logs, to clients and to where the configuration says. They share the outlets alone. */
export class AgentTelemetry {
  readonly alerts: AlertPipeline;
  readonly logs: LogPipeline;
  readonly losses: GuardLosses;
  readonly #collection: IdleCollection;

  constructor(deps: AgentTelemetryDeps, config: AgentConfig, node: LogNode) {
    const { counters, logger, feeds, tally, find } = deps;
    const { objects, version, visibility, hostVisibility, throttle, dropsProcessResource } = config;
    const outlets = createOutlets(config, { counters, drops: feeds.drops });
    this.losses = new GuardLosses({ counters, drops: feeds.drops });
    this.#collection = new IdleCollection({
      work: () => counters.sum(['alerts_raised', 'stream_sent', 'logs_written']),
      rssBytes: () => process.memoryUsage.rss(),
      collect: () => {
        globalThis.gc?.();
        trimMemory();
      },
    });
    this.alerts = new AlertPipeline(
      { scopes: { find }, counters, outlets, sinks: [feeds.alerts, tally] },
      { node: { ...node, KubeArmorVersion: version }, throttle },
    );
    this.logs = new LogPipeline(
      {
        feeds,
        outlet: outlets.logs,
        raise: (raised) => {
          this.alerts.raise(raised);
        },
        counters,
        logger,
      },
      {
        objects,
        labelsPin: join(guardPins(config.pins), 'labels'),
        node,
        version,
        visibility,
        hostVisibility,
        dropsProcessResource,
      },
    );
  }

  /** Takes the alerts of an enforcer. */
  start(enforcer: Enforcer): void {
    this.alerts.start(enforcer);
    this.#collection.start();
  }

  /** Makes logs of workloads while they are there; `rootOf` gives a path to a workload's root. */
  watcher(rootOf: (id: number) => string | undefined): WorkloadWatcher {
    return new LogWatcher(this.logs, rootOf);
  }

  /** Takes over what has changed in the configuration. */
  async reconfigure({ throttle, visibility, hostVisibility }: LiveConfig): Promise<void> {
    this.alerts.setThrottle(throttle);
    await this.logs.setVisibility(visibility, hostVisibility);
  }

  /** Ends, with everything written that was taken. */
  async stop(): Promise<void> {
    this.#collection.stop();
    await this.alerts.stop();
    await this.logs.stop();
  }
}
