import type { Alert, ExecEvent, PodOwner } from './alert.js';
import type { ReceivedAlert } from './received.js';

/** A field that a rendering shows. */
export type PresentField = readonly [name: string, value: FieldValue];

/** The value of a field of an alert. */
export type FieldValue = string | number | readonly string[] | Readonly<Record<string, string>>;

/** The fields in the order in which KubeArmor's protobuf declares them, which is the order of its JSON. */
export const ALERT_FIELDS: readonly (keyof Alert)[] = [
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
  'HostPPID',
  'HostPID',
  'PPID',
  'PID',
  'UID',
  'ParentProcessName',
  'ProcessName',
  'PolicyName',
  'Severity',
  'Tags',
  'ATags',
  'Message',
  'Type',
  'Source',
  'Operation',
  'Resource',
  'Data',
  'EventData',
  'Enforcer',
  'Action',
  'Result',
  'Cwd',
  'TTY',
  'MaxAlertsPerSec',
  'DroppingAlertsInterval',
  'ExecEvent',
  'KubeArmorVersion',
  'NodeID',
  'ProcessHash',
  'ParentHash',
  'ResourceHash',
  'HashAlgo',
  'UserName',
];

const ALWAYS_PRESENT: ReadonlySet<string> = new Set(['PPID', 'UID']);

/** The fields of an alert that are not empty, and PPID and UID, in KubeArmor's order. */
export function presentFields(alert: ReceivedAlert): PresentField[] {
  const values = {
    ...alert,
    Severity: alert.Severity === '0' ? '' : alert.Severity,
    Owner: presentOwner(alert.Owner),
    ExecEvent: presentExecEvent(alert.ExecEvent),
    EventData: sortedMap(alert.EventData),
  };
  return selectPresent(values, ALERT_FIELDS);
}

/** Those of the named fields that are not empty, and PPID and UID, in that order. */
export function selectPresent<Name extends string>(
  values: Readonly<Partial<Record<Name, FieldValue | undefined>>>,
  names: readonly Name[],
): PresentField[] {
  return names.flatMap((name): PresentField[] => {
    const value = values[name];
    return value !== undefined && (ALWAYS_PRESENT.has(name) || !isEmpty(value)) ? [[name, value]] : [];
  });
}

/** An owner without its empty fields, in the protobuf's order. */
export function presentOwner(owner: PodOwner = {}): Record<string, string> {
  return nonEmpty([
    ['Ref', owner.Ref],
    ['Name', owner.Name],
    ['Namespace', owner.Namespace],
  ]);
}

/** An exec's event, likewise. */
export function presentExecEvent(event: ExecEvent = {}): Record<string, string> {
  return nonEmpty([
    ['ExecID', event.ExecID],
    ['ExecutableName', event.ExecutableName],
  ]);
}

function nonEmpty(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** A map in the order in which Go writes it. */
export function sortedMap(map: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isEmpty(value: FieldValue): boolean {
  return typeof value === 'object' ? Object.keys(value).length === 0 : value === '' || value === 0;
}
