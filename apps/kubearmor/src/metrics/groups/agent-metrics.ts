import type { Metric } from '../metric.js';

/** The agent, and what is in force. */
export const AGENT_METRICS: readonly Metric[] = [
  {
    name: 'kubearmor_build_info',
    type: 'gauge',
    help: 'Always 1; the version is the label',
    labels: ['version'],
    read: ({ status }) => [{ labels: { version: status.version }, value: 1 }],
  },
  {
    name: 'kubearmor_enforcer_info',
    type: 'gauge',
    help: 'Always 1; which enforcer runs here, and what an operation comes to that cannot be judged',
    labels: ['enforcer', 'on_error'],
    read: ({ status }) => [
      { labels: { enforcer: status.enforcer.kind, on_error: status.onError }, value: 1 },
    ],
  },
  gauge('kubearmor_ready', '1 when the agent is ready, as /readyz says', ({ notReady }) =>
    notReady.length === 0 ? 1 : 0,
  ),
  gauge('kubearmor_workloads', 'Workloads that are protected', ({ status }) => status.workloads.length),
  {
    name: 'kubearmor_workload_tasks',
    type: 'gauge',
    help: 'Tasks of a workload',
    labels: ['namespace', 'workload', 'id'],
    read: ({ status }) =>
      status.workloads.map(({ namespace, name, id, tasks }) => ({
        labels: { namespace, workload: name, id: String(id) },
        value: tasks,
      })),
  },
  gauge(
    'kubearmor_workload_problems',
    'Workloads whose last good rule set stays since the new one could not be applied',
    ({ status }) => status.workloads.filter(({ problem }) => problem !== undefined).length,
  ),
  gauge('kubearmor_policies', 'Policies that were read', ({ status }) => status.policies.length),
  gauge(
    'kubearmor_policy_problems',
    'Policy files with a mistake; their last good content stays',
    ({ status }) => status.problems.length,
  ),
  gauge(
    'kubearmor_rules_not_enforced',
    'Rules of which the enforcer here carries out a part or nothing, as karmor status lists them',
    ({ status }) => status.policies.reduce((sum, { notEnforced }) => sum + notEnforced.length, 0),
  ),
  gauge(
    'kubearmor_other_kubearmor',
    'Traces of another KubeArmor on this machine: processes, pins, unit, program',
    ({ status }) => status.otherKubearmor.length,
  ),
  gauge(
    'kubearmor_configuration_problem',
    '1 while the configuration file cannot be used and its last good content stays',
    ({ status }) => (status.configuration.problem === undefined ? 0 : 1),
  ),
  gauge(
    'kubearmor_configuration_awaiting_restart',
    'Settings whose change waits for a restart',
    ({ status }) => status.configuration.awaitRestart.length,
  ),
];

function gauge(
  name: string,
  help: string,
  value: (snapshot: Parameters<Metric['read']>[0]) => number,
): Metric {
  return {
    name,
    type: 'gauge',
    help,
    labels: [],
    read: (snapshot) => [{ labels: {}, value: value(snapshot) }],
  };
}
