import type { Visibility } from '@kubearmor/monitor';
import type { SettingsOf } from '../setting.js';
import { choice } from '../values/choice.js';
import { count } from '../values/count.js';
import { onOff } from '../values/on-off.js';
import { text } from '../values/text.js';
import { visibility } from '../values/visibility.js';

/** What is watched, and where it is told. */
export interface TelemetryValues {
  readonly visibility: Visibility;
  readonly hostVisibility: Visibility;
  readonly enableIMA: boolean;
  readonly dropResourceFromProcessLogs: boolean;
  readonly logPath: string;
  readonly logFormat: 'json' | 'text' | 'legacy';
  readonly logFilter: 'policy' | 'system' | 'all';
  readonly alertsOnStdout: 'json' | 'text' | 'none';
  readonly alertThrottling: boolean;
  readonly maxAlertPerSec: number;
  readonly throttleSec: number;
}

/** What is watched, and where it is told. */
export const TELEMETRY_SETTINGS: SettingsOf<TelemetryValues> = {
  visibility: {
    kind: visibility(),
    default: 'process,file,network,capabilities',
    description: 'what is watched of workloads',
    effect: 'live',
    origin: 'kubearmor',
  },
  hostVisibility: {
    kind: visibility(),
    default: 'default',
    derivedFrom: 'all four',
    description: 'what is watched of the host',
    effect: 'live',
    origin: 'kubearmor',
  },
  enableIMA: {
    kind: onOff(),
    default: 'false',
    description: 'tell hashes of what is run, as `ima` in `visibility` and `hostVisibility` does',
    effect: 'live',
    origin: 'kubearmor',
  },
  dropResourceFromProcessLogs: {
    kind: onOff(),
    default: 'false',
    description: 'leave `Resource` out of logs of processes: command lines are long, and may hold secrets',
    effect: 'restart',
    origin: 'kubearmor',
  },
  logPath: {
    kind: text('path|stdout|none'),
    default: 'none',
    description: 'a file, `stdout` or `none`: where alerts and logs are written, one a line',
    effect: 'restart',
    origin: 'kubearmor',
  },
  logFormat: {
    kind: choice('json', 'text', 'legacy'),
    default: 'json',
    description: "format of that file; `legacy` is KubeArmor's older spelling",
    effect: 'restart',
    origin: 'ours',
    flag: 'log-format',
  },
  logFilter: {
    kind: choice('policy', 'system', 'all'),
    default: 'all',
    description: "what is written there, in karmor's words: alerts (`policy`), logs (`system`) or both",
    effect: 'restart',
    origin: 'ours',
  },
  alertsOnStdout: {
    kind: choice('json', 'text', 'none'),
    default: 'json',
    description: 'alerts on standard output',
    effect: 'restart',
    origin: 'ours',
    flag: 'alerts-on-stdout',
  },
  alertThrottling: {
    kind: onOff(),
    default: 'true',
    description: 'hold back the alerts of a rule that fires too often in one workload, and count them',
    effect: 'live',
    origin: 'kubearmor',
  },
  maxAlertPerSec: {
    kind: count('count'),
    default: '10',
    description: 'alerts a second, of one rule in one workload, before they are held back',
    effect: 'live',
    origin: 'kubearmor',
  },
  throttleSec: {
    kind: count('seconds'),
    default: '30',
    description: 'how long they are held back, in seconds',
    effect: 'live',
    origin: 'kubearmor',
  },
};
