import type { Log, LogOperation } from './log.js';
import { eventTime } from './event-time.js';
import { eventWords } from './event-data.js';

/** Where the agent runs. */
export type LogNode = Pick<Log, 'ClusterName' | 'HostName' | 'NodeID'>;

/** The workload that acted. One object per workload, made anew when something about it changes. */
export type LogWorkload = Pick<
  Log,
  | 'Type'
  | 'NamespaceName'
  | 'Owner'
  | 'PodName'
  | 'Labels'
  | 'ContainerID'
  | 'ContainerName'
  | 'ContainerImage'
>;

/**
 * The process that acted. One object per process and exec, made anew when something about it changes (`chdir`, `setuid`).
 * `UserName` is KubeArmor's for the host only.
 */
export type LogProcess = Pick<
  Log,
  | 'HostPPID'
  | 'HostPID'
  | 'PPID'
  | 'PID'
  | 'UID'
  | 'ParentProcessName'
  | 'ProcessName'
  | 'Source'
  | 'Cwd'
  | 'TTY'
  | 'ExecEvent'
  | 'ProcessHash'
  | 'ParentHash'
  | 'HashAlgo'
  | 'UserName'
>;

/** How the kernel was asked, and what it answered: what many events have in common, so that one object can serve all. */
export interface LogCall {
  readonly Operation: LogOperation;
  /** `syscall=SYS_OPENAT fd=-100 flags=O_RDONLY`. */
  readonly Data: string;
  /** `Passed`, or the text of an errno. */
  readonly Result: string;
  /**
   * What has to be known about the words: `caller` (the path or address is the caller's own text, not the kernel's),
   * `truncated`, `unlinked` (the file has no name any more), `unreadable`, `unconfirmed` (it was only asked for), separated by
   * commas; absent for none. Goes into EventData.
   */
  readonly Marks?: string;
  /** The system call, where Data does not say it: `accept4`. Goes nowhere. */
  readonly syscall?: string;
}

/**
 * One operation that was seen, in parts. What encodes events remembers a workload, a process and a call **by the object**:
 * whoever makes events keeps these objects and does not change them.
 */
export interface LogEvent {
  /** When it happened, in microseconds since the Unix epoch. */
  readonly atUs: number;
  readonly workload: LogWorkload;
  readonly process: LogProcess;
  readonly call: LogCall;
  readonly Resource: string;
  /** By default that of the process; for an exec the one that called it. */
  readonly Source?: string;
  readonly ResourceHash?: string;
}

const NS_PER_US = 1_000n;

/** Composes the log that users see from an event's parts. */
export function createLog(event: LogEvent, node: LogNode): Log {
  const { atUs, workload, process, call, Resource } = event;
  const { Operation, Data, Result, Marks } = call;
  const words = { Operation, Data, Result };
  return {
    ...eventTime(BigInt(atUs) * NS_PER_US),
    ...node,
    ...workload,
    ...process,
    ...words,
    Resource,
    ...(event.Source === undefined ? {} : { Source: event.Source }),
    ...(event.ResourceHash === undefined ? {} : { ResourceHash: event.ResourceHash }),
    EventData: Object.fromEntries(
      eventWords({ ...words, Resource, ...(Marks === undefined ? {} : { Marks }) }),
    ),
  };
}
