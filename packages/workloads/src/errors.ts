/** What a {@link WorkloadsError} can be. Codes are permanent. */
export type WorkloadsErrorCode =
  /** A scope is described in a way that it cannot be. */
  | 'SCOPE_SPEC_INVALID'
  /** Starting a scope takes root. */
  | 'ROOT_REQUIRED'
  /** No agent answers on its socket. */
  | 'AGENT_UNAVAILABLE'
  /** The agent answered with an error. */
  | 'AGENT_REFUSED'
  /** The agent answered something that is not part of the protocol. */
  | 'AGENT_MALFORMED'
  /** The agent did not answer in time. */
  | 'AGENT_TIMEOUT'
  /** The namespaces or the first processes of a scope could not be made. */
  | 'SCOPE_START_FAILED'
  /** The root, the devices or another part of a scope could not be set up. */
  | 'SCOPE_SETUP_FAILED'
  /** What is given as a scope's root cannot be one. */
  | 'IMAGE_INVALID'
  /** The launcher ended before the workload could start. */
  | 'LAUNCHER_ENDED'
  /** The kernel cannot confine as asked. */
  | 'CONFINEMENT_UNAVAILABLE'
  /** systemd did not say which units there are. */
  | 'SYSTEMD_UNAVAILABLE'
  /** Processes stayed in a cgroup that should be removed. */
  | 'CGROUP_BUSY';

/** A failure of finding or starting a workload. */
export class WorkloadsError extends Error {
  override readonly name = 'WorkloadsError';
  readonly code: WorkloadsErrorCode;

  constructor(code: WorkloadsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Turns anything thrown into a {@link WorkloadsError}, keeping it as the cause. */
  static from(thrown: unknown, code: WorkloadsErrorCode, context: string): WorkloadsError {
    if (thrown instanceof WorkloadsError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new WorkloadsError(code, `${context}: ${message}`, { cause: thrown });
  }
}
