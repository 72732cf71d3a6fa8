import { presentLogFields } from './log-fields.js';
import { presentFields } from './present-alert.js';
import type { FieldValue, PresentField } from './present-fields.js';
import type { ReceivedAlert, ReceivedLog, ReceivedMessage } from './received.js';

/** The fields that karmor prints first; the others follow in byte order. */
const LEADING: readonly string[] = [
  'ClusterName',
  'HostName',
  'NamespaceName',
  'PodName',
  'Labels',
  'ContainerName',
  'ContainerID',
  'ContainerImage',
  'Type',
  'PolicyName',
  'Severity',
  'Message',
  'Source',
  'Resource',
  'Operation',
  'Action',
  'Data',
  'EventData',
  'Enforcer',
  'Result',
  'ATags',
];

const IN_HEADER: ReadonlySet<string> = new Set(['Timestamp', 'UpdatedTime']);

/** An alert as `karmor logs` prints it: a header with the time, then `Key: value` lines; no line break at the end. */
export function formatAlertText(alert: ReceivedAlert): string {
  return formatRecordText('Alert', alert.UpdatedTime, presentFields(alert));
}

/** A log likewise. */
export function formatLogText(log: ReceivedLog): string {
  return formatRecordText('Log', log.UpdatedTime, presentLogFields(log));
}

function formatRecordText(title: string, updatedTime: string, fields: readonly PresentField[]): string {
  const time = updatedTime === '' ? '' : ` / ${readableTime(updatedTime)}`;
  const lines = fields
    .filter(([name]) => !IN_HEADER.has(name))
    .sort(([a], [b]) => compareNames(a, b))
    .map(([name, value]) => `${name}: ${goText(value)}`);
  return [`== ${title}${time} ==`, ...lines].join('\n');
}

/** A message as karmor prints it, on one line. */
export function formatMessageText(message: ReceivedMessage): string {
  const { UpdatedTime, ClusterName = '', HostName = '', Level } = message;
  return [readableTime(UpdatedTime), ClusterName, HostName, `[${Level}]`, message.Message]
    .map(printable)
    .join('  ');
}

function readableTime(updatedTime: string): string {
  return updatedTime.replace('T', ' ').replace('Z', '');
}

function compareNames(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(name: string): number {
  const position = LEADING.indexOf(name);
  return position === -1 ? LEADING.length : position;
}

/** Values as Go's `%v` prints them. */
function goText(value: FieldValue): string {
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return `[${value.map(printable).join(' ')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([name, text]) => printable(`${name}:${text}`)).join(' ')}]`;
}

/** A workload chooses its paths and arguments: they must not be able to forge lines or to steer a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function isList(value: FieldValue): value is readonly string[] {
  return Array.isArray(value);
}
