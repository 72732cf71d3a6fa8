/** What can go wrong in an enforcer. */
export type EnforcerErrorCode =
  /** The node cannot run this enforcer at all. */
  | 'ENFORCER_UNAVAILABLE'
  /** A workload is unknown to the enforcer. */
  | 'WORKLOAD_UNKNOWN'
  /** The workload's first process ended before it was protected. */
  | 'WORKLOAD_GONE'
  /** A task that is in a scope already cannot become another one's. */
  | 'WORKLOAD_OUTWARD'
  /** A file system of the workload could not be watched. */
  | 'MARK_FAILED'
  /** The keeper or the answerer did not answer in time. */
  | 'GUARD_SILENT'
  /** A rule set does not fit the tables that the kernel decides by. */
  | 'RULE_SET_TOO_LARGE'
  /** A message between agent, keeper and answerer has another shape than expected. */
  | 'GUARD_MESSAGE_INVALID';

/** A failure of an enforcer. */
export class EnforcerError extends Error {
  override readonly name = 'EnforcerError';
  readonly code: EnforcerErrorCode;

  constructor(code: EnforcerErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
