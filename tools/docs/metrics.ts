import type { Metric } from '../../apps/kubearmor/dist/metrics/metric.js';
import { METRICS } from '../../apps/kubearmor/dist/metrics/metrics.js';

/** The reference page of all metrics. */
export function renderMetricsPage(): string {
  const groups = METRICS.map(({ title, metrics }) => {
    const head = ['| metric | type | labels | what |', '|---|---|---|---|'];
    return [`## ${title}`, '', ...head, ...metrics.map(renderRow), ''].join('\n');
  });
  return [INTRO, ...groups].join('\n');
}

const INTRO = `# Metrics

Generated from the code.

\`http://127.0.0.1:32765/metrics\` (setting \`metricsAddress\`) has them in Prometheus's text format. A metric that has no
number yet is left out. \`kubearmor_alerts_in_*\` and \`kubearmor_alerts_with_*\` are called and labelled as KubeArmor's
Prometheus exporter has them, so that its dashboards work; after 1,000 values of a label further ones count as \`others\`.

\`/healthz\` answers 200 while the agent lives. \`/readyz\` answers 200 when the guard answers, the monitor can run and
every workload has its rules, else 503 with one reason a line.
`;

function renderRow({ name, type, labels, help }: Metric): string {
  const columns = [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help];
  return `| ${columns.map((column) => column.replaceAll('|', '\\|')).join(' | ')} |`;
}
