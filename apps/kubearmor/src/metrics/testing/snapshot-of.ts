import type { AgentStatus } from '../../agent/agent-status.js';
import { NO_COUNTS } from '../../agent/log-counts.js';
import type { MetricsSnapshot } from '../metric.js';

const status: AgentStatus = {
  version: '0.1.0',
  pid: 1,
  enforcer: { kind: 'Guard', reason: '', considered: [] },
  onError: 'deny',
  capabilities: [],
  workloads: [],
  policies: [],
  problems: [],
  configuration: { file: undefined, warnings: [], problem: undefined, awaitRestart: [] },
  otherKubearmor: [],
  unconfirmed: [],
  monitor: { state: 'resting', reason: '', missing: [], counts: NO_COUNTS },
  drops: [],
  clients: [],
  counters: {},
};

/** A moment of an agent that does nothing, but for what is given. */
export function snapshotOf({
  status: given = {},
  ...others
}: Partial<Omit<MetricsSnapshot, 'status'>> & { readonly status?: Partial<AgentStatus> }): MetricsSnapshot {
  const process = { residentBytes: 1, cpuSeconds: 1, openFiles: 1, startedAtSeconds: 1 };
  return { counters: [], alerts: [], process, notReady: [], ...others, status: { ...status, ...given } };
}
