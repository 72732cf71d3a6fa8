import type { ReceivedAlert, ReceivedLog, ReceivedMessage } from '@kubearmor/telemetry';

/** Something that came on one of the streams. */
export type Event =
  | { readonly kind: 'alert'; readonly alert: ReceivedAlert }
  | { readonly kind: 'log'; readonly log: ReceivedLog }
  | { readonly kind: 'message'; readonly message: ReceivedMessage };
