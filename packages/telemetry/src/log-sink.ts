import type { LogEvent } from './log-event.js';

/** Where logs go. */
export interface LogSink {
  /** Whether anybody takes them: whoever makes events may stop making them while nobody does. */
  readonly isWatched: boolean;
  /** Takes events of one workload or many, oldest first, without waiting. What it cannot take it drops and counts; it does not throw. */
  write(events: readonly LogEvent[]): void;
}
