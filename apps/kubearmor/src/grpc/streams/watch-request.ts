import type { ServerHttp2Stream } from 'node:http2';
import { fromBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { RequestMessageSchema } from '@kubearmor/protocol';
import type { GrpcEnd } from './grpc-end.js';

/** What came of reading a request: the filter that the client asks for, or how the call ends. */
export type WatchRequest =
  { readonly kind: 'filter'; readonly filter: string } | { readonly kind: 'refused'; readonly end: GrpcEnd };

const PREFIX_BYTES = 5;
/** A filter is a word. */
const MAX_REQUEST_BYTES = 64 * 1024;

/** Reads the one message that a client of a stream sends. Never rejects. */
export async function readWatchRequest(stream: ServerHttp2Stream): Promise<WatchRequest> {
  let received = Buffer.alloc(0);
  try {
    for await (const chunk of chunksOf(stream)) {
      received = Buffer.concat([received, chunk]);
      const length = received.length < PREFIX_BYTES ? undefined : received.readUInt32BE(1);
      if (received[0] === 1) return refused(Code.Unimplemented, 'expected a request that is not compressed');
      if (length !== undefined && length > MAX_REQUEST_BYTES) {
        return refused(
          Code.ResourceExhausted,
          `expected a request of at most ${MAX_REQUEST_BYTES} bytes, got ${length}`,
        );
      }
      if (length !== undefined && received.length >= PREFIX_BYTES + length) {
        return decoded(received.subarray(PREFIX_BYTES, PREFIX_BYTES + length));
      }
    }
  } catch {
    return refused(Code.Canceled, 'the client went away');
  }
  return refused(Code.InvalidArgument, 'expected one request message, got none');
}

// An iterator of its own: leaving a stream's own iterator early destroys the stream.
function chunksOf(stream: ServerHttp2Stream): AsyncIterable<Buffer> {
  return stream.iterator({ destroyOnReturn: false });
}

function decoded(bytes: Uint8Array): WatchRequest {
  try {
    return { kind: 'filter', filter: fromBinary(RequestMessageSchema, bytes).Filter };
  } catch {
    return refused(Code.InvalidArgument, 'expected a feeder.RequestMessage, got something else');
  }
}

function refused(code: Code, message: string): WatchRequest {
  return { kind: 'refused', end: { code, message } };
}
