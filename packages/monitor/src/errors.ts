/** What a {@link MonitorError} can be. Codes are permanent. */
export type MonitorErrorCode =
  /** The kernel does not take the monitor's programs. */
  | 'MONITOR_UNAVAILABLE'
  /** A name is none of the things that can be watched. */
  | 'VISIBILITY_INVALID'
  /** More workloads are to be watched than there is room for. */
  | 'WORKLOADS_EXHAUSTED';

/** A failure of the monitor. */
export class MonitorError extends Error {
  override readonly name = 'MonitorError';
  readonly code: MonitorErrorCode;

  constructor(code: MonitorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
