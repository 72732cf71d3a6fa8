import type { Log } from './log.js';
import {
  presentExecEvent,
  presentOwner,
  selectPresent,
  sortedMap,
  type PresentField,
} from './present-fields.js';
import type { ReceivedLog } from './received.js';

/** The fields in the order in which KubeArmor's protobuf declares them, which is the order of its JSON. */
export const LOG_FIELDS: readonly (keyof Log)[] = [
  'Timestamp',
  'UpdatedTime',
  'ClusterName',
  'HostName',
  'NamespaceName',
  'Owner',
  'PodName',
  'Labels',
  'ContainerID',
  'ContainerName',
  'ContainerImage',
  'ParentProcessName',
  'ProcessName',
  'HostPPID',
  'HostPID',
  'PPID',
  'PID',
  'UID',
  'Type',
  'Source',
  'Operation',
  'Resource',
  'Data',
  'EventData',
  'Result',
  'Cwd',
  'TTY',
  'ExecEvent',
  'NodeID',
  'ProcessHash',
  'ParentHash',
  'ResourceHash',
  'HashAlgo',
  'UserName',
];

/** The fields of a log that are not empty, and PPID and UID, in KubeArmor's order. */
export function presentLogFields(log: ReceivedLog): PresentField[] {
  const values = {
    ...log,
    Owner: presentOwner(log.Owner),
    ExecEvent: presentExecEvent(log.ExecEvent),
    EventData: sortedMap(log.EventData),
  };
  return selectPresent(values, LOG_FIELDS);
}
