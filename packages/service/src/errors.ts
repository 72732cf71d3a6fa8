/** What a {@link ServiceError} can be. Codes are permanent. */
export type ServiceErrorCode =
  /** An option has a value it cannot have. */
  | 'OPTION_INVALID'
  /** A part could not be started; those started before it were stopped again. */
  | 'LIFECYCLE_START_FAILED'
  /** Something was started after it had been stopped. */
  | 'LIFECYCLE_STOPPED'
  /** A part reported a failure while it stopped; the others were stopped all the same. */
  | 'LIFECYCLE_STOP_FAILED'
  /** One or more parts did not stop in time. */
  | 'LIFECYCLE_STOP_TIMEOUT'
  /** A file could not be replaced; the old one is unchanged. */
  | 'FILE_WRITE_FAILED'
  /** A file for TLS is missing or cannot be read. */
  | 'TLS_FILE_MISSING'
  /** A file for TLS is not what its name says. */
  | 'TLS_FILE_INVALID'
  /** A live server already listens on the socket's path, or something else is there. */
  | 'SOCKET_IN_USE'
  /** Nobody listens on the socket, or it may not be opened. */
  | 'SOCKET_UNAVAILABLE'
  /** The other side closed the connection before its answer was complete. */
  | 'SOCKET_CLOSED'
  /** No answer came in time. */
  | 'SOCKET_TIMEOUT'
  /** A line is longer than the protocol permits. */
  | 'SOCKET_LINE_TOO_LONG'
  /** A line is not a message of the protocol. */
  | 'SOCKET_MALFORMED'
  /** The peer may not use this socket. */
  | 'SOCKET_UNAUTHORIZED'
  /** The server has no such method. */
  | 'METHOD_UNKNOWN';

/** A failure of this package's own machinery. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A failure that happened on the other side of a socket and crossed it as a code and a message. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** The code of the error over there, or `INTERNAL` where it had none. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
