import type { ExecEvent, PodOwner } from './alert.js';

/** Whose operation was seen: the kinds of log that KubeArmor's clients know. */
export type LogType = 'ContainerLog' | 'HostLog' | 'SystemLog';

/** The kinds of operation that a log tells of. */
export type LogOperation = 'Process' | 'File' | 'Network' | 'Capabilities' | 'Syscall' | 'Device';

/**
 * KubeArmor's `feeder.Log`, field for field: an operation that was seen, whatever was decided about it. Absent, an empty
 * string and zero mean the same, as in the protobuf; renderings leave such fields out, except PPID and UID.
 */
export interface Log {
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
  readonly ParentProcessName?: string;
  readonly ProcessName?: string;
  readonly HostPPID?: number;
  readonly HostPID?: number;
  readonly PPID: number;
  readonly PID?: number;
  readonly UID: number;
  readonly Type: LogType;
  readonly Source?: string;
  readonly Operation: LogOperation;
  readonly Resource?: string;
  readonly Data?: string;
  readonly EventData?: Readonly<Record<string, string>>;
  readonly Result?: string;
  readonly Cwd?: string;
  readonly TTY?: string;
  readonly ExecEvent?: ExecEvent;
  readonly NodeID?: string;
  readonly ProcessHash?: string;
  readonly ParentHash?: string;
  readonly ResourceHash?: string;
  readonly HashAlgo?: string;
  readonly UserName?: string;
}
