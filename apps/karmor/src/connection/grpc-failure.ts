import { Code, ConnectError } from '@connectrpc/connect';
import { KarmorError, type KarmorErrorCode } from '../errors.js';

/** What went wrong with a call, in our words; what is ours already stays as it is. */
export function grpcFailure(thrown: unknown, server: string): KarmorError {
  if (thrown instanceof KarmorError) return thrown;
  const error = ConnectError.from(thrown);
  const isUnconnected = isOfSystem(error.cause);
  const code = isUnconnected ? 'SERVER_UNREACHABLE' : (CODES.get(error.code) ?? 'CALL_FAILED');
  const hint = isUnconnected ? `; ${UNREACHABLE_HINT}` : '';
  return new KarmorError(code, `${server}: ${reasonOf(error)}${hint}`, { cause: thrown });
}

const UNREACHABLE_HINT =
  'is an agent running there? --gRPC says where to connect to, --secure with a certificate';

const CODES: ReadonlyMap<Code, KarmorErrorCode> = new Map([
  [Code.Unavailable, 'SERVER_UNREACHABLE'],
  [Code.DeadlineExceeded, 'SERVER_UNREACHABLE'],
  // Of a call that we have not cancelled ourselves: the other side is gone.
  [Code.Canceled, 'CONNECTION_LOST'],
  [Code.Aborted, 'CONNECTION_LOST'],
  [Code.PermissionDenied, 'PERMISSION_DENIED'],
  [Code.Unauthenticated, 'PERMISSION_DENIED'],
]);

/** Whether the connection itself failed: ENOENT, ECONNREFUSED and so on. */
function isOfSystem(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}

/** The system's own word says more than that of the protocol above it. */
function reasonOf({ rawMessage, cause }: ConnectError): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : rawMessage;
}
