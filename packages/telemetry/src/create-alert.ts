import type { Alert } from './alert.js';
import { eventData } from './event-data.js';
import { eventTime } from './event-time.js';

/** Where the agent runs. */
export type AlertNode = Pick<Alert, 'ClusterName' | 'HostName' | 'NodeID' | 'KubeArmorVersion'>;

/** The workload that acted. */
export type AlertWorkload = Pick<
  Alert,
  'NamespaceName' | 'PodName' | 'ContainerID' | 'ContainerName' | 'ContainerImage' | 'Labels' | 'Owner'
>;

/** The process that acted. `UserName` is KubeArmor's for the host only. */
export type AlertProcess = Pick<
  Alert,
  | 'HostPPID'
  | 'HostPID'
  | 'PPID'
  | 'PID'
  | 'UID'
  | 'ParentProcessName'
  | 'ProcessName'
  | 'Cwd'
  | 'TTY'
  | 'ExecEvent'
  | 'UserName'
>;

/** What was decided, and by which rule. */
export interface AlertDecision extends Required<
  Pick<Alert, 'Type' | 'PolicyName' | 'Action' | 'Result' | 'Enforcer'>
> {
  readonly Severity?: string;
  readonly Tags?: string;
  /** By default Tags, split at its commas. */
  readonly ATags?: readonly string[];
  readonly Message?: string;
  /** `<kind>/<namespace>/<policy>#process.matchPaths[0]`, `posture:file` or `builtin:attach`. */
  readonly Rule: string;
}

/** What was attempted. */
export type AlertOperation = Pick<Alert, 'Source' | 'Operation' | 'Resource' | 'Data'>;

/** What {@link createAlert} composes. */
export interface AlertParts {
  /** When it happened, in nanoseconds since the Unix epoch. */
  readonly atNs: bigint;
  readonly node: AlertNode;
  /** By default none: the host itself acted. */
  readonly workload?: AlertWorkload;
  readonly process: AlertProcess;
  readonly decision: AlertDecision;
  readonly operation: AlertOperation;
  /** What has to be known about its words, as a log says it (`caller`). By default nothing. */
  readonly marks?: string | undefined;
}

/** Composes an alert from what the parts of the agent know. */
export function createAlert(parts: AlertParts): Alert {
  const { Rule, ...decision } = parts.decision;
  const { marks } = parts;
  return {
    ...eventTime(parts.atNs),
    ...parts.node,
    ...parts.workload,
    ...parts.process,
    ...decision,
    ATags: decision.ATags ?? splitTags(decision.Tags),
    ...parts.operation,
    EventData: eventData({ ...parts.operation, ...(marks === undefined ? {} : { Marks: marks }) }, Rule),
  };
}

function splitTags(tags = ''): readonly string[] {
  return tags === '' ? [] : tags.split(',');
}
