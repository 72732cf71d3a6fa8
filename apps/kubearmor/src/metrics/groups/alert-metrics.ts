import { TALLIED, type AlertCount } from '../alert-tally.js';
import { counted } from '../counted.js';
import type { Metric } from '../metric.js';

type Field = AlertCount['field'];

/** KubeArmor's exporter counts by these fields under these names. */
const EXPORTED: Readonly<Record<Field, string>> = {
  HostName: 'kubearmor_alerts_in_host_total',
  NamespaceName: 'kubearmor_alerts_in_namespace_total',
  PodName: 'kubearmor_alerts_in_pod_total',
  ContainerName: 'kubearmor_alerts_in_container_total',
  PolicyName: 'kubearmor_alerts_with_policy_total',
  Severity: 'kubearmor_alerts_with_severity_total',
  Type: 'kubearmor_alerts_with_type_total',
  Operation: 'kubearmor_alerts_with_operation_total',
  Action: 'kubearmor_alerts_with_action_total',
};

/** Alerts: how many there were, and how many users got. */
export const ALERT_METRICS: readonly Metric[] = [
  {
    name: 'kubearmor_alerts_raised_total',
    type: 'counter',
    help: 'Alerts that the agent took from the enforcer, those that are held back included',
    labels: [],
    read: counted('alerts_raised'),
  },
  {
    name: 'kubearmor_alerts_held_back_total',
    type: 'counter',
    help: 'Alerts that throttling held back; their number is sent as an alert of its own',
    labels: [],
    read: counted('alerts_held_back'),
  },
  {
    name: 'kubearmor_alerts_written_total',
    type: 'counter',
    help: 'Alerts written to a file or standard output',
    labels: ['sink'],
    read: counted('alerts_written'),
  },
  ...TALLIED.map(exported),
];

function exported(field: Field): Metric {
  return {
    name: EXPORTED[field],
    type: 'counter',
    help: `Alerts sent, by ${field}, as KubeArmor's Prometheus exporter counts them`,
    labels: [field],
    read: ({ alerts }) =>
      alerts
        .filter((each) => each.field === field)
        .map(({ value, count }) => ({ labels: { [field]: value }, value: count })),
  };
}
