import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { RemoteError, ServiceError } from './errors.js';
import { LineSplitter } from './line-splitter.js';
import { encodeMessage, MAX_LINE_BYTES, parseReply, type SocketReply } from './socket-message.js';

/** How {@link callJson} waits. */
export interface CallJsonOptions {
  /** Gives up when aborted; its reason is thrown. By default never. */
  readonly signal?: AbortSignal;
  /** How long the answer may take, in milliseconds. By default 10,000. */
  readonly timeoutMs?: number;
}

/** How {@link subscribeJson} waits. */
export interface SubscribeJsonOptions {
  /** Ends the iteration, without an error, when aborted. By default it ends when the server ends it. */
  readonly signal?: AbortSignal;
}

/** Calls a method of a {@link serveJson} server and resolves to its result; events on the way are ignored. */
export async function callJson(
  path: string,
  method: string,
  params: unknown,
  options: CallJsonOptions = {},
): Promise<unknown> {
  const { timeoutMs = 10_000 } = options;
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort(new ServiceError('SOCKET_TIMEOUT', `${path}: ${method}: no answer within ${timeoutMs} ms`));
  }, timeoutMs);
  const signal =
    options.signal === undefined ? timeout.signal : AbortSignal.any([options.signal, timeout.signal]);
  try {
    for await (const reply of exchange(path, method, params, signal)) {
      if (reply.kind === 'result') return reply.value;
    }
    throw closedEarly(path, method);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls a method and yields its events until its result comes. */
export async function* subscribeJson(
  path: string,
  method: string,
  params: unknown,
  options: SubscribeJsonOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const signal = options.signal ?? new AbortController().signal;
  try {
    for await (const reply of exchange(path, method, params, signal)) {
      if (reply.kind === 'result') return;
      yield reply.value;
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  throw closedEarly(path, method);
}

type Answer = Exclude<SocketReply, { readonly kind: 'error' }>;

async function* exchange(
  path: string,
  method: string,
  params: unknown,
  signal: AbortSignal,
): AsyncGenerator<Answer, void, undefined> {
  signal.throwIfAborted();
  const request = encodeMessage({ method, params });
  const socket = connect(path);
  const hangUp = (): void => {
    socket.destroy();
  };
  signal.addEventListener('abort', hangUp);
  try {
    await connected(socket, path, signal);
    socket.write(request);
    for await (const line of lines(socket)) yield accepted(parseReply(line));
  } catch (error) {
    signal.throwIfAborted();
    throw isStreamFailure(error) ? closedEarly(path, method, error) : error;
  } finally {
    signal.removeEventListener('abort', hangUp);
    socket.destroy();
  }
  signal.throwIfAborted();
}

async function connected(socket: Socket, path: string, signal: AbortSignal): Promise<void> {
  try {
    await once(socket, 'connect', { signal });
  } catch (cause) {
    throw new ServiceError('SOCKET_UNAVAILABLE', `${path}: expected a server, got ${String(cause)}`, {
      cause,
    });
  }
}

async function* lines(socket: Socket): AsyncGenerator<string, void, undefined> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  const chunks: AsyncIterable<unknown> = socket;
  for await (const chunk of chunks) {
    if (Buffer.isBuffer(chunk)) yield* splitter.push(chunk);
  }
}

function accepted(reply: SocketReply): Answer {
  if (reply.kind === 'error') throw new RemoteError(reply.code, reply.message);
  return reply;
}

function isStreamFailure(error: unknown): boolean {
  return !(error instanceof ServiceError || error instanceof RemoteError);
}

function closedEarly(path: string, method: string, cause?: unknown): ServiceError {
  return new ServiceError('SOCKET_CLOSED', `${path}: ${method}: the connection ended before the answer`, {
    cause,
  });
}
