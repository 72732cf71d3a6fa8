import { counted } from '../counted.js';
import type { Metric, MetricSample, MetricsSnapshot } from '../metric.js';

/** What reached clients, and what did not. */
export const STREAM_METRICS: readonly Metric[] = [
  {
    name: 'kubearmor_stream_sent_total',
    type: 'counter',
    help: 'Messages sent to gRPC clients',
    labels: ['stream'],
    read: counted('stream_sent'),
  },
  {
    name: 'kubearmor_events_dropped_total',
    type: 'counter',
    help: 'Alerts, logs and messages that did not arrive, by where and why',
    labels: ['stream', 'cause', 'workload'],
    read: (snapshot) => [...ofSinks(snapshot), ...ofClients(snapshot), ...ofGuard(snapshot)],
  },
];

function ofSinks({ counters }: MetricsSnapshot): readonly MetricSample[] {
  return counters
    .filter(({ name }) => name === 'alerts_dropped')
    .map(({ labels, value }) =>
      dropped('alerts', `${labels['sink'] ?? ''}: ${labels['cause'] ?? ''}`, value),
    );
}

function ofClients({ counters }: MetricsSnapshot): readonly MetricSample[] {
  return counters
    .filter(({ name }) => name === 'stream_dropped')
    .map(({ labels, value }) => dropped(labels['stream'] ?? '', labels['cause'] ?? '', value));
}

function ofGuard({ status: { counters } }: MetricsSnapshot): readonly MetricSample[] {
  const { alertsDropped, eventsLost } = counters;
  return [
    ...(alertsDropped === undefined ? [] : [dropped('alerts', 'guard: nobody took them', alertsDropped)]),
    ...(eventsLost === undefined ? [] : [dropped('guard', 'ring-full', eventsLost)]),
  ];
}

function dropped(stream: string, cause: string, value: number): MetricSample {
  return { labels: { stream, cause, workload: '' }, value };
}
