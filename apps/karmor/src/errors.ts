/** What a {@link KarmorError} can be. Codes are permanent. */
export type KarmorErrorCode =
  /** The command line is not one of ours. */
  | 'USAGE_INVALID'
  /** The agent's answer is not what it should be. */
  | 'ANSWER_MALFORMED'
  /** No agent answers on its socket. */
  | 'AGENT_UNAVAILABLE'
  /** No gRPC server answers at the address. */
  | 'SERVER_UNREACHABLE'
  /** The gRPC server does not permit this client to do that. */
  | 'PERMISSION_DENIED'
  /** A gRPC call failed. */
  | 'CALL_FAILED'
  /** The gRPC server, or one of its streams, ended. */
  | 'CONNECTION_LOST'
  /** A file cannot be read. */
  | 'FILE_UNREADABLE'
  /** A file cannot be written. */
  | 'FILE_UNWRITABLE'
  /** A policy is not what a policy should be. */
  | 'POLICY_INVALID'
  /** The agent did not do with a policy what it was asked to. */
  | 'POLICY_REFUSED'
  /** No policy of that name is in force, or several are. */
  | 'POLICY_UNKNOWN'
  /** The agent does not take policies back that are not confirmed. */
  | 'CONFIRM_UNSUPPORTED'
  /** The agent has no workload of that name, or several. */
  | 'WORKLOAD_UNKNOWN'
  /** What an operation is about is not there. */
  | 'OBJECT_MISSING';

/** A failure of the command line itself. */
export class KarmorError extends Error {
  override readonly name = 'KarmorError';
  readonly code: KarmorErrorCode;

  constructor(code: KarmorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
