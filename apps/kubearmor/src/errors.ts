/** What can go wrong in the agent. */
export type AgentErrorCode =
  /** The agent needs root. */
  | 'ROOT_REQUIRED'
  /** Another agent listens already. */
  | 'AGENT_RUNNING'
  /** A scope is unknown, or was created by somebody else. */
  | 'SCOPE_UNKNOWN'
  /** A scope's name or namespace cannot be one. */
  | 'SCOPE_INVALID'
  /** No enforcer can run on this machine. */
  | 'NO_ENFORCER'
  /** The machine was started so that nothing is enforced. */
  | 'SWITCHED_OFF'
  /** A setting has a value it cannot have. */
  | 'SETTING_INVALID'
  /** The gRPC server could not listen on its address. */
  | 'LISTEN_FAILED'
  /** A file for TLS is missing or cannot be read. */
  | 'TLS_FILE_MISSING'
  /** The configuration file cannot be read, or is not a mapping of settings. */
  | 'CONFIG_UNREADABLE';

/** A failure of the agent. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
