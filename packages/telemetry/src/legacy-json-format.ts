import type { Alert } from './alert.js';
import { present, presentOwner, sortedMap } from './present-fields.js';

/** What the older form shows and an alert does not have. */
export interface LegacyJsonOptions {
  /** The uid of the object's owner. By default 0. */
  readonly objectUid?: number;
}

/** What the older form is made of: an alert, or a log, which lacks what an alert has beyond it. */
export type LegacyRecord = Omit<Alert, 'Type'> & { readonly Type: string };

/** An alert in the spelling of KubeArmor's own file and standard output, one line. */
export function formatLegacyAlertJson(alert: LegacyRecord, options: LegacyJsonOptions = {}): string {
  const eventData = sortedMap(alert.EventData);
  return JSON.stringify({
    timestamp: alert.Timestamp,
    updatedTime: alert.UpdatedTime,
    clusterName: present(alert.ClusterName),
    hostName: alert.HostName ?? '',
    nodeID: present(alert.NodeID),
    username: present(alert.UserName),
    namespaceName: present(alert.NamespaceName),
    owner: legacyOwner(alert),
    podName: present(alert.PodName),
    labels: present(alert.Labels),
    containerID: present(alert.ContainerID),
    containerName: present(alert.ContainerName),
    containerImage: present(alert.ContainerImage),
    hostPPid: alert.HostPPID ?? 0,
    hostPid: alert.HostPID ?? 0,
    ppid: alert.PPID,
    pid: alert.PID ?? 0,
    uid: alert.UID,
    execEvent: {
      ExecID: alert.ExecEvent?.ExecID ?? '',
      ExecutableName: alert.ExecEvent?.ExecutableName ?? '',
    },
    parentProcessName: alert.ParentProcessName ?? '',
    processName: alert.ProcessName ?? '',
    enforcer: present(alert.Enforcer),
    policyName: present(alert.PolicyName),
    kubeArmorVersion: present(alert.KubeArmorVersion),
    severity: alert.Severity === '0' ? undefined : present(alert.Severity),
    tags: present(alert.Tags),
    atags: present(alert.ATags) ?? null,
    message: present(alert.Message),
    type: alert.Type,
    source: alert.Source ?? '',
    operation: alert.Operation,
    resource: alert.Resource ?? '',
    cwd: alert.Cwd ?? '',
    tty: present(alert.TTY),
    oid: options.objectUid ?? 0,
    data: present(alert.Data),
    eventData: Object.keys(eventData).length === 0 ? undefined : eventData,
    processHash: present(alert.ProcessHash),
    parentHash: present(alert.ParentHash),
    resourceHash: present(alert.ResourceHash),
    hashAlgo: present(alert.HashAlgo),
    action: present(alert.Action),
    result: alert.Result ?? '',
    MaxAlertsPerSec: alert.MaxAlertsPerSec === 0 ? undefined : alert.MaxAlertsPerSec,
    DroppingAlertsInterval: alert.DroppingAlertsInterval === 0 ? undefined : alert.DroppingAlertsInterval,
  });
}

function legacyOwner(alert: LegacyRecord): Record<string, string> | undefined {
  const entries = Object.entries(presentOwner(alert.Owner));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}
