import type { Metric } from '../metric.js';
import type { ProcessSample } from '../process-sample.js';

/** The agent's process, under the names that Prometheus's client libraries use. */
export const PROCESS_METRICS: readonly Metric[] = [
  ofProcess(
    'process_resident_memory_bytes',
    'gauge',
    'Memory of the agent, without keeper and answerer',
    'residentBytes',
  ),
  ofProcess('process_cpu_seconds_total', 'counter', 'CPU time of the agent', 'cpuSeconds'),
  ofProcess('process_open_fds', 'gauge', 'Open files of the agent', 'openFiles'),
  ofProcess(
    'process_start_time_seconds',
    'gauge',
    'When the agent started, in seconds since 1970',
    'startedAtSeconds',
  ),
];

function ofProcess(name: string, type: Metric['type'], help: string, field: keyof ProcessSample): Metric {
  return { name, type, help, labels: [], read: ({ process }) => [{ labels: {}, value: process[field] }] };
}
