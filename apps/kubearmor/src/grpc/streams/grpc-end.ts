import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Code } from '@connectrpc/connect';

/** How a call ends: code 0 is OK. */
export interface GrpcEnd {
  readonly code: 0 | Code;
  readonly message: string;
}

/** The end of a call that did what it should. */
export const OK: GrpcEnd = { code: 0, message: '' };

const CONTENT_TYPE = 'application/grpc';

/** Tells the client that its call is accepted; messages follow. */
export function beginStream(stream: ServerHttp2Stream): void {
  if (stream.headersSent || stream.closed) return;
  stream.respond(
    { [constants.HTTP2_HEADER_STATUS]: 200, 'content-type': CONTENT_TYPE },
    { waitForTrailers: true },
  );
}

/** Ends a call that has begun, after everything that was written to it. */
export function endStream(stream: ServerHttp2Stream, end: GrpcEnd): void {
  if (stream.closed) return;
  stream.once('wantTrailers', () => {
    if (!stream.closed) stream.sendTrailers(trailers(end));
  });
  stream.end();
}

/** Answers a call with nothing but how it ended. */
export function refuseStream(stream: ServerHttp2Stream, end: GrpcEnd): void {
  if (stream.headersSent || stream.closed) return;
  const headers = { [constants.HTTP2_HEADER_STATUS]: 200, 'content-type': CONTENT_TYPE, ...trailers(end) };
  stream.respond(headers, { endStream: true });
}

function trailers({ code, message }: GrpcEnd): OutgoingHttpHeaders {
  // Percent-encoded, as gRPC's specification has it.
  return {
    'grpc-status': String(code),
    ...(message === '' ? {} : { 'grpc-message': encodeURIComponent(message) }),
  };
}
