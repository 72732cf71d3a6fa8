import { counted } from '../counted.js';
import type { Metric } from '../metric.js';

const MILLISECONDS = 1000;

/** The enforcer. */
export const GUARD_METRICS: readonly Metric[] = [
  ofGuard('judged', 'kubearmor_guard_judged_total', 'Opens and executions that waited for a verdict'),
  ofGuard('denied', 'kubearmor_guard_denied_total', 'Operations that were refused'),
  ofGuard('alerts', 'kubearmor_guard_alerts_total', 'Alerts that the guard raised'),
  ofGuard(
    'failures',
    'kubearmor_guard_failures_total',
    'Operations that could not be judged, and came to what onError says',
  ),
  ofGuard('events', 'kubearmor_guard_kernel_events_total', 'Events that the guard took from the kernel'),
  ofGuard(
    'replacements',
    'kubearmor_guard_answerer_replacements_total',
    'Times that the answerer was gone or silent and another one was started',
  ),
  ofGuard(
    'unjudged',
    'kubearmor_guard_unjudged_total',
    'Operations that the keeper answered without judging them, while no answerer was there',
  ),
  ofGuard(
    'gaps',
    'kubearmor_guard_gaps_total',
    'Times that a workload was not guarded, because neither keeper nor answerer was there',
  ),
  {
    name: 'kubearmor_guard_longest_gap_seconds',
    type: 'gauge',
    help: 'The longest of those times',
    labels: [],
    read: ({ status }) => one(status.counters['gapMs'], MILLISECONDS),
  },
  {
    name: 'kubearmor_guard_forgotten_files',
    type: 'gauge',
    help: 'Files that no rule can touch, and that are not asked about any more',
    labels: [],
    read: ({ status }) => one(status.counters['forgottenFiles']),
  },
  ofGuard(
    'labelsLost',
    'kubearmor_guard_labels_lost_total',
    'Tasks that the kernel could not label: they are judged as of no workload',
  ),
  {
    name: 'kubearmor_guard_silent_seconds',
    type: 'gauge',
    help: 'How long the guard has not answered; 0 while it does',
    labels: [],
    read: ({ status }) => one(status.counters['silentMs'], MILLISECONDS),
  },
  {
    name: 'kubearmor_keeper_replacements_total',
    type: 'counter',
    help: 'Times that the keeper was gone and another one was started',
    labels: [],
    read: counted('keeper_replacements'),
  },
];

// A guard that does not answer has no numbers; 0 would be one.
function ofGuard(counter: string, name: string, help: string): Metric {
  return { name, type: 'counter', help, labels: [], read: ({ status }) => one(status.counters[counter]) };
}

function one(value: number | undefined, parts = 1): ReturnType<Metric['read']> {
  return value === undefined ? [] : [{ labels: {}, value: value / parts }];
}
