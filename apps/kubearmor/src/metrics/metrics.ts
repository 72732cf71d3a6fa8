import { AGENT_METRICS } from './groups/agent-metrics.js';
import { ALERT_METRICS } from './groups/alert-metrics.js';
import { GUARD_METRICS } from './groups/guard-metrics.js';
import { MONITOR_METRICS } from './groups/monitor-metrics.js';
import { PROCESS_METRICS } from './groups/process-metrics.js';
import { STREAM_METRICS } from './groups/stream-metrics.js';
import type { Metric } from './metric.js';

/** Metrics that are listed together. */
export interface MetricGroup {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/** Every metric: what is exposed and the reference come from here. */
export const METRICS: readonly MetricGroup[] = [
  { title: 'Agent', metrics: AGENT_METRICS },
  { title: 'Guard', metrics: GUARD_METRICS },
  { title: 'Monitor', metrics: MONITOR_METRICS },
  { title: 'Alerts', metrics: ALERT_METRICS },
  { title: 'Streams and losses', metrics: STREAM_METRICS },
  { title: 'Process', metrics: PROCESS_METRICS },
];
