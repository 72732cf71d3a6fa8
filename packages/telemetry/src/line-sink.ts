import type { Lines } from './lines.js';

/** Where lines of text go. */
export interface LineSink {
  /** Takes lines without waiting. What a sink cannot take it drops and counts; it does not throw. */
  write(lines: Lines): void;
  /** Resolves when everything taken so far is written or counted as lost. */
  flush(): Promise<void>;
  /** Flushes and lets go of what the sink holds; lines that come later are dropped and counted. */
  close(): Promise<void>;
}
