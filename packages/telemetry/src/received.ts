import type { Alert } from './alert.js';
import type { Log } from './log.js';
import type { Message } from './message.js';

/** An alert as it comes from an agent, whose types may be more than those that are known here. */
export type ReceivedAlert = Omit<Alert, 'Type'> & { readonly Type: string };

/** A log likewise. */
export type ReceivedLog = Omit<Log, 'Type' | 'Operation'> & {
  readonly Type: string;
  readonly Operation: string;
};

/** A message likewise. */
export type ReceivedMessage = Omit<Message, 'Type' | 'Level'> & {
  readonly Type: string;
  readonly Level: string;
};
