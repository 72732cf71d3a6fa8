import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { serveConnection, type AuthorizePeer, type JsonHandler } from './socket-connection.js';
import { listenOn } from './socket-path.js';

/** What {@link serveJson} serves, and to whom. */
export interface ServeJsonOptions {
  /** The methods. */
  readonly handlers: Readonly<Record<string, JsonHandler>>;
  /** The mode of the socket's file. By default 0600. */
  readonly mode?: number;
  /** Asked once per connection, before anything is read. By default whoever can open the socket may use it. */
  readonly authorize?: AuthorizePeer;
}

/** A server that is listening. */
export interface JsonServer extends AsyncDisposable {
  /** Where it listens. */
  readonly path: string;
  /** Takes no more connections, aborts the handlers, sends what they return, and removes the socket. */
  close(): Promise<void>;
}

/** How long a client that does not read may keep a closing server waiting. */
const LAST_WORDS_MS = 1_000;

/** Serves newline-delimited JSON on a unix socket. */
export async function serveJson(path: string, options: ServeJsonOptions): Promise<JsonServer> {
  const stop = new AbortController();
  const connections = new Map<Socket, Promise<void>>();
  const { handlers, authorize } = options;
  const server = createServer((socket) => {
    connections.set(socket, serveConnection(socket, { handlers, authorize, stopSignal: stop.signal }));
    socket.once('close', () => connections.delete(socket));
  });
  const removeFile = await listenOn(server, path, options.mode ?? 0o600);

  // A failed accept (no descriptors left) concerns that client alone; without a listener it would end the process.
  server.on('error', () => undefined);

  const closeAll = async (): Promise<void> => {
    await removeFile();
    const closed = once(server, 'close');
    server.close();
    stop.abort();
    await Promise.all(connections.values());
    const giveUp = setTimeout(() => {
      for (const socket of connections.keys()) socket.destroy();
    }, LAST_WORDS_MS);
    await closed;
    clearTimeout(giveUp);
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll());
  return { path, close, [Symbol.asyncDispose]: close };
}
