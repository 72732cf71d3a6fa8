import type { Socket } from 'node:net';
import { ServiceError } from './errors.js';
import { LineSplitter } from './line-splitter.js';
import {
  encodeMessage,
  errorReply,
  MAX_LINE_BYTES,
  parseRequest,
  type SocketReply,
} from './socket-message.js';

/** What a handler is given besides its parameters. */
export interface JsonHandlerContext {
  /** Aborted when the client is gone or the server closes. */
  readonly signal: AbortSignal;
  /** Sends an event; resolves when the socket has taken it, rejects when the client is gone. */
  readonly send: (event: unknown) => Promise<void>;
}

/** Answers one method: what it resolves to is the result, what it throws crosses as a code and a message. */
export type JsonHandler = (params: unknown, context: JsonHandlerContext) => Promise<unknown>;

/** Says whether the peer of a socket may use it. Node cannot read a peer's credentials itself; the descriptor lets another package do it. */
export type AuthorizePeer = (socketFd: number) => boolean | Promise<boolean>;

/** What a connection needs from its server. */
export interface ConnectionOptions {
  readonly handlers: Readonly<Record<string, JsonHandler>>;
  readonly authorize: AuthorizePeer | undefined;
  readonly stopSignal: AbortSignal;
}

/** Serves one connection: one request, any number of events, one result or error. Never rejects. */
export async function serveConnection(socket: Socket, options: ConnectionOptions): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => {
    gone.abort();
  };
  socket.on('error', leave).once('end', leave).once('close', leave);
  const signal = AbortSignal.any([gone.signal, options.stopSignal]);
  const reply = await answer(socket, signal, options);
  socket.end(encoded(reply), () => socket.destroy());
}

async function answer(socket: Socket, signal: AbortSignal, options: ConnectionOptions): Promise<SocketReply> {
  try {
    await refuseStranger(socket, options.authorize);
    const { method, params } = parseRequest(await firstLine(socket, signal));
    const handler = Object.hasOwn(options.handlers, method) ? options.handlers[method] : undefined;
    if (handler === undefined)
      throw new ServiceError('METHOD_UNKNOWN', `expected a known method, got ${JSON.stringify(method)}`);
    const send = (event: unknown): Promise<void> =>
      write(socket, encodeMessage({ kind: 'event', value: event }), signal);
    return { kind: 'result', value: await handler(params, { signal, send }) };
  } catch (error) {
    return errorReply(error);
  }
}

async function refuseStranger(socket: Socket, authorize: AuthorizePeer | undefined): Promise<void> {
  if (authorize === undefined) return;
  const fd = fdOf(socket);
  if (fd !== undefined && (await authorize(fd))) return;
  throw new ServiceError('SOCKET_UNAUTHORIZED', 'this user may not use this socket');
}

/** The descriptor is not part of Node's public interface, so its absence must be expected. */
function fdOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return undefined;
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}

/** Waits for the request; what the client sends after it is discarded, but its leaving is still noticed. */
function firstLine(socket: Socket, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  const stop = (): void => {
    reject(new ServiceError('SOCKET_CLOSED', 'the connection ended before a request came'));
  };
  const read = (chunk: Buffer): void => {
    try {
      const [line] = splitter.push(chunk);
      if (line !== undefined) resolve(line);
    } catch (error) {
      reject(error instanceof Error ? error : new ServiceError('SOCKET_MALFORMED', String(error)));
    }
  };
  socket.on('data', read);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  return promise.finally(() => {
    signal.removeEventListener('abort', stop);
    socket.off('data', read).resume();
  });
}

/** A client that does not read must not keep a handler from noticing that it should end. */
function write(socket: Socket, line: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const leave = (): void => {
    reject(new ServiceError('SOCKET_CLOSED', 'the client is gone or the server is closing'));
  };
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  else
    socket.write(line, (error) => {
      if (error) leave();
      else resolve(undefined);
    });
  return promise.finally(() => {
    signal.removeEventListener('abort', leave);
  });
}

function encoded(reply: SocketReply): string {
  try {
    return encodeMessage(reply);
  } catch (error) {
    return encodeMessage(errorReply(error));
  }
}
