import { counted } from '../counted.js';
import type { Metric, MetricSample, MetricsSnapshot } from '../metric.js';

/** What reached users, and what did not. */
export const STREAM_METRICS: readonly Metric[] = [
  {
    name: 'kubearmor_stream_sent_total',
    type: 'counter',
    help: 'Messages sent to gRPC clients, each client counted',
    labels: ['stream'],
    read: counted('stream_sent'),
  },
  {
    name: 'kubearmor_stream_clients',
    type: 'gauge',
    help: 'gRPC clients that watch a stream',
    labels: ['stream'],
    read: ({ status }) =>
      ['alerts', 'logs', 'messages'].map((stream) => ({
        labels: { stream },
        value: status.clients.filter(({ feed }) => feed === stream).length,
      })),
  },
  {
    name: 'kubearmor_logs_written_total',
    type: 'counter',
    help: 'Logs written to a file or standard output',
    labels: ['sink'],
    read: counted('logs_written'),
  },
  {
    name: 'kubearmor_events_dropped_total',
    type: 'counter',
    help: 'Alerts, logs and messages that did not arrive, by where and why; workload is its ContainerID, empty for the host and where it is not known, "ended" for those that are gone',
    labels: ['stream', 'cause', 'workload'],
    read: (snapshot) => [...ofAgent(snapshot), ...ofFanOut(snapshot)],
  },
];

function ofAgent({ status }: MetricsSnapshot): readonly MetricSample[] {
  return status.drops.map(({ count, ...labels }) => ({ labels, value: count }));
}

function ofFanOut({ counters }: MetricsSnapshot): readonly MetricSample[] {
  return counters
    .filter(({ name, labels }) => name === 'alerts_dropped' && labels['sink'] === 'fan-out')
    .map(({ labels, value }) => dropped('alerts', `fan-out: ${labels['cause'] ?? ''}`, value));
}

function dropped(stream: string, cause: string, value: number): MetricSample {
  return { labels: { stream, cause, workload: '' }, value };
}
