import type { Alert, Log, Message } from '@kubearmor/protocol';
import type { Event } from './event.js';

/** An alert as it comes from a server. */
export function fromWireAlert(alert: Alert): Event {
  return { kind: 'alert', alert: plain(alert) };
}

/** A log as it comes from a server. */
export function fromWireLog(log: Log): Event {
  return { kind: 'log', log: plain(log) };
}

/** A message as it comes from a server. */
export function fromWireMessage(message: Message): Event {
  return { kind: 'message', message: { ...message, Timestamp: Number(message.Timestamp) } };
}

type Plain<T extends Alert | Log> = Omit<T, 'Timestamp' | 'Owner' | 'ExecEvent'> & {
  readonly Timestamp: number;
  readonly Owner?: { readonly Ref: string; readonly Name: string; readonly Namespace: string };
  readonly ExecEvent?: { readonly ExecID: string; readonly ExecutableName: string };
};

/** Timestamps are seconds: a number holds them. */
function plain<T extends Alert | Log>(received: T): Plain<T> {
  const { Timestamp, Owner, ExecEvent, ...fields } = received;
  return {
    ...fields,
    Timestamp: Number(Timestamp),
    ...(Owner === undefined
      ? {}
      : { Owner: { Ref: Owner.Ref, Name: Owner.Name, Namespace: Owner.Namespace } }),
    ...(ExecEvent === undefined
      ? {}
      : { ExecEvent: { ExecID: ExecEvent.ExecID, ExecutableName: ExecEvent.ExecutableName } }),
  };
}
