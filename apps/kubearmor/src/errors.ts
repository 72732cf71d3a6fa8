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
  /** The configuration file cannot be read, or is not a mapping of settings. */
  | 'CONFIG_UNREADABLE'
  /** The thread that makes logs could not carry out what it was asked to. */
  | 'LOG_ORDER_REFUSED'
  /** The thread that makes logs has ended without being asked to; it is started again. */
  | 'LOG_THREAD_ENDED'
  /** A policy is unknown to the agent. */
  | 'POLICY_UNKNOWN'
  /** A policy does not wait for being confirmed. */
  | 'CONFIRMATION_UNKNOWN'
  /** A request on the agent's socket has another shape than expected. */
  | 'REQUEST_INVALID'
  /** What an installation would be made of is not whole. */
  | 'INSTALL_INCOMPLETE'
  /** Something that is not ours stands where an installation would be. */
  | 'INSTALL_CONFLICT'
  /** There is no installation of ours to remove. */
  | 'NOT_INSTALLED'
  /** systemctl did not do what it was asked for. */
  | 'SYSTEMCTL_FAILED';

/** A failure of the agent. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
