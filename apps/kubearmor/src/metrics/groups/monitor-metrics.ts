import { counted } from '../counted.js';
import type { Metric, MetricsSnapshot } from '../metric.js';

type State = MetricsSnapshot['status']['monitor']['state'];

const STATES: readonly State[] = ['watching', 'resting', 'not available'];

/** What sees operations for logs. */
export const MONITOR_METRICS: readonly Metric[] = [
  {
    name: 'kubearmor_monitor_state',
    type: 'gauge',
    help: '1 for the state of the monitor: it rests while nobody takes logs, and is not available where the kernel refuses it',
    labels: ['state'],
    read: ({ status }) =>
      STATES.map((state) => ({ labels: { state }, value: status.monitor.state === state ? 1 : 0 })),
  },
  ofMonitor(
    'kubearmor_monitor_kernel_events_total',
    'Operations that the kernel programs had to tell, those that did not fit included',
    ({ kernel }) => kernel.events,
  ),
  ofMonitor('kubearmor_monitor_read_total', 'Records read from the ring', ({ read }) => read),
  ofMonitor('kubearmor_monitor_logs_total', 'Logs made of them', ({ logs }) => logs),
  {
    name: 'kubearmor_monitor_failures_total',
    type: 'counter',
    help: 'Times that the monitor could not be started, or ended without being asked to',
    labels: [],
    read: counted('monitor_failures'),
  },
];

function ofMonitor(
  name: string,
  help: string,
  value: (counts: MetricsSnapshot['status']['monitor']['counts']) => number,
): Metric {
  return {
    name,
    type: 'counter',
    help,
    labels: [],
    read: ({ status }) => [{ labels: {}, value: value(status.monitor.counts) }],
  };
}
