import type { Alert } from './alert.js';
import {
  present,
  presentExecEvent,
  presentOwner,
  sortedMap,
  type FieldValue,
  type PresentField,
} from './present-fields.js';
import type { ReceivedAlert } from './received.js';

/**
 * An alert's fields in the order in which KubeArmor's protobuf declares them, which is the order of its JSON; undefined
 * where they are empty, but for PPID and UID.
 */
export function presentAlert(alert: ReceivedAlert): Record<keyof Alert, FieldValue | undefined> {
  return {
    Timestamp: nonZero(alert.Timestamp),
    UpdatedTime: present(alert.UpdatedTime),
    ClusterName: present(alert.ClusterName),
    HostName: present(alert.HostName),
    NamespaceName: present(alert.NamespaceName),
    Owner: some(presentOwner(alert.Owner)),
    PodName: present(alert.PodName),
    Labels: present(alert.Labels),
    ContainerID: present(alert.ContainerID),
    ContainerName: present(alert.ContainerName),
    ContainerImage: present(alert.ContainerImage),
    HostPPID: nonZero(alert.HostPPID),
    HostPID: nonZero(alert.HostPID),
    PPID: alert.PPID,
    PID: nonZero(alert.PID),
    UID: alert.UID,
    ParentProcessName: present(alert.ParentProcessName),
    ProcessName: present(alert.ProcessName),
    PolicyName: present(alert.PolicyName),
    Severity: alert.Severity === '0' ? undefined : present(alert.Severity),
    Tags: present(alert.Tags),
    ATags: present(alert.ATags),
    Message: present(alert.Message),
    Type: present(alert.Type),
    Source: present(alert.Source),
    Operation: present(alert.Operation),
    Resource: present(alert.Resource),
    Data: present(alert.Data),
    EventData: some(sortedMap(alert.EventData)),
    Enforcer: present(alert.Enforcer),
    Action: present(alert.Action),
    Result: present(alert.Result),
    Cwd: present(alert.Cwd),
    TTY: present(alert.TTY),
    MaxAlertsPerSec: nonZero(alert.MaxAlertsPerSec),
    DroppingAlertsInterval: nonZero(alert.DroppingAlertsInterval),
    ExecEvent: some(presentExecEvent(alert.ExecEvent)),
    KubeArmorVersion: present(alert.KubeArmorVersion),
    NodeID: present(alert.NodeID),
    ProcessHash: present(alert.ProcessHash),
    ParentHash: present(alert.ParentHash),
    ResourceHash: present(alert.ResourceHash),
    HashAlgo: present(alert.HashAlgo),
    UserName: present(alert.UserName),
  };
}

/** Those that are not empty. */
export function presentFields(alert: ReceivedAlert): PresentField[] {
  return Object.entries(presentAlert(alert)).flatMap(([name, value]): PresentField[] =>
    value === undefined ? [] : [[name, value]],
  );
}

function nonZero(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

function some(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}
