import type { Alert } from './alert.js';

/** Where alerts go. */
export interface AlertSink {
  /** Takes an alert without waiting. What a sink cannot take it drops and counts; it does not throw. */
  write(alert: Alert): void;
  /** Resolves when everything taken so far is written or counted as lost. */
  flush(): Promise<void>;
  /** Flushes and lets go of what the sink holds; alerts that come later are dropped and counted. */
  close(): Promise<void>;
}

/** Turns an alert into the text that a sink writes, without a line break at its end. */
export type AlertFormat = (alert: Alert) => string;
