import { presentLogFields } from './log-fields.js';
import { presentAlert } from './present-alert.js';
import type { ReceivedAlert, ReceivedLog, ReceivedMessage } from './received.js';

/** How JSON is laid out. */
export interface JsonFormatOptions {
  /** Two blanks of indentation instead of one line. By default false. */
  readonly isPretty?: boolean;
}

/** An alert as KubeArmor's relay and karmor write it: the protobuf's names in the protobuf's order, empty fields left out. */
export function formatAlertJson(alert: ReceivedAlert, options: JsonFormatOptions = {}): string {
  return stringify(presentAlert(alert), options);
}

/** A log, likewise. */
export function formatLogJson(log: ReceivedLog, options: JsonFormatOptions = {}): string {
  return stringify(Object.fromEntries(presentLogFields(log)), options);
}

/** A message, likewise. */
export function formatMessageJson(message: ReceivedMessage, options: JsonFormatOptions = {}): string {
  const { Timestamp, UpdatedTime, ClusterName, HostName, HostIP, Type, Level, Message } = message;
  const ordered = { Timestamp, UpdatedTime, ClusterName, HostName, HostIP, Type, Level, Message };
  return stringify(Object.fromEntries(Object.entries(ordered).filter(([, value]) => value !== '')), options);
}

function stringify(value: unknown, options: JsonFormatOptions): string {
  return JSON.stringify(value, undefined, options.isPretty === true ? 2 : undefined);
}
