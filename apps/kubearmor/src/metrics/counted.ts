import type { Metric } from './metric.js';

/** Reads one of the agent's counters, with its labels as they are. */
export function counted(name: string): Metric['read'] {
  return ({ counters }) => counters.filter((sample) => sample.name === name);
}
