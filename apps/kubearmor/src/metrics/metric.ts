import type { CounterSample } from '@kubearmor/service';
import type { AgentStatus } from '../agent/agent-status.js';
import type { AlertCount } from './alert-tally.js';
import type { ProcessSample } from './process-sample.js';

/** What metrics are read from, all of one moment. */
export interface MetricsSnapshot {
  readonly status: AgentStatus;
  readonly counters: readonly CounterSample[];
  readonly alerts: readonly AlertCount[];
  readonly process: ProcessSample;
  /** Why the agent is not ready; empty when it is. */
  readonly notReady: readonly string[];
}

/** One number of a metric. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric under Prometheus's rules: the unit is in the name, counters end in `_total`. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (snapshot: MetricsSnapshot) => readonly MetricSample[];
}
