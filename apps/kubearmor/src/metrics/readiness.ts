import type { AgentStatus } from '../agent/agent-status.js';

/** Why an agent of this status is not ready; nothing when it is. */
export function readiness(status: AgentStatus): readonly string[] {
  const { counters, workloads, monitor } = status;
  const silentMs = counters['silentMs'] ?? 0;
  return [
    ...(silentMs > 0 ? [`guard: has not answered for ${silentMs} ms`] : []),
    ...(monitor.state === 'not available' ? [`monitor: not available: ${monitor.reason}`] : []),
    ...workloads.flatMap(({ namespace, name, problem }) =>
      problem === undefined ? [] : [`workload ${namespace}/${name}: ${problem}`],
    ),
  ];
}
