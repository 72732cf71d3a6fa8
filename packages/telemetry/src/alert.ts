/** Who owns a pod. */
export interface PodOwner {
  /** The kind: `Deployment`, `DaemonSet` and so on. */
  readonly Ref?: string;
  readonly Name?: string;
  readonly Namespace?: string;
}

/** The exec that brought a process into its container. */
export interface ExecEvent {
  readonly ExecID?: string;
  readonly ExecutableName?: string;
}

/** What was noticed: the kinds of alert that KubeArmor's clients know. */
export type AlertType = 'MatchedPolicy' | 'MatchedHostPolicy' | 'MatchedNetworkPolicy' | 'SystemEvent';

/**
 * KubeArmor's `feeder.Alert`, field for field. Absent, an empty string and zero mean the same, as in the protobuf;
 * renderings leave such fields out, except PPID and UID.
 */
export interface Alert {
  /** Seconds since the Unix epoch. */
  readonly Timestamp: number;
  /** RFC 3339 in UTC with microseconds. */
  readonly UpdatedTime: string;
  readonly ClusterName?: string;
  readonly HostName?: string;
  readonly NamespaceName?: string;
  readonly Owner?: PodOwner;
  readonly PodName?: string;
  /** `k=v,k=v`. */
  readonly Labels?: string;
  readonly ContainerID?: string;
  readonly ContainerName?: string;
  readonly ContainerImage?: string;
  readonly HostPPID?: number;
  readonly HostPID?: number;
  readonly PPID: number;
  readonly PID?: number;
  readonly UID: number;
  readonly ParentProcessName?: string;
  readonly ProcessName?: string;
  readonly PolicyName?: string;
  readonly Severity?: string;
  /** Comma-separated. */
  readonly Tags?: string;
  readonly ATags?: readonly string[];
  readonly Message?: string;
  readonly Type: AlertType;
  readonly Source?: string;
  readonly Operation: string;
  readonly Resource?: string;
  readonly Data?: string;
  readonly EventData?: Readonly<Record<string, string>>;
  readonly Enforcer?: string;
  readonly Action?: string;
  readonly Result?: string;
  readonly Cwd?: string;
  readonly TTY?: string;
  readonly MaxAlertsPerSec?: number;
  readonly DroppingAlertsInterval?: number;
  readonly ExecEvent?: ExecEvent;
  readonly KubeArmorVersion?: string;
  readonly NodeID?: string;
  readonly ProcessHash?: string;
  readonly ParentHash?: string;
  readonly ResourceHash?: string;
  readonly HashAlgo?: string;
  readonly UserName?: string;
}
