import type { Metric, MetricSample, MetricsSnapshot } from './metric.js';
import { METRICS } from './metrics.js';

/** What HTTP calls the text. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The metrics of a moment in Prometheus's text format; a metric that has no number is left out. */
export function renderMetrics(snapshot: MetricsSnapshot): string {
  const lines = METRICS.flatMap(({ metrics }) => metrics).flatMap((metric) => renderMetric(metric, snapshot));
  return `${lines.join('\n')}\n`;
}

function renderMetric(metric: Metric, snapshot: MetricsSnapshot): readonly string[] {
  const samples = metric.read(snapshot);
  if (samples.length === 0) return [];
  const { name, type, help } = metric;
  const head = [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
  ];
  return [...head, ...samples.map((sample) => `${name}${renderLabels(sample)} ${sample.value}`)];
}

function renderLabels({ labels }: MetricSample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
