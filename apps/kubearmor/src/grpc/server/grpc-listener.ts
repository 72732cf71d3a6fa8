import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Server } from 'node:net';
import { createContextValues, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { listenOn } from '@kubearmor/service';
import { AgentError } from '../../errors.js';
import { isStranger, PEER, peerName, type Peer } from '../peer/peer.js';
import { peerOfSession } from '../peer/peer-of-session.js';
import { handleWatch } from '../streams/watch-handler.js';
import type { EventFeeds } from '../streams/event-feeds.js';
import { SessionKeeper } from './session-keeper.js';
import type { TlsCredentials } from '../tls/tls-files.js';

/** What a {@link GrpcListener} answers. */
export interface GrpcListenerDependencies {
  /** The streams; undefined where only `routes` are answered. */
  readonly feeds: EventFeeds | undefined;
  readonly routes: (router: ConnectRouter) => void;
}

/** Where a {@link GrpcListener} listens. */
export type GrpcAddress =
  | { readonly kind: 'unix'; readonly path: string; readonly mode: number }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      /** 0 for one that is free. */
      readonly port: number;
      /** Whether it speaks TLS, once it has been told with which credentials. By default plain text. */
      readonly hasTls?: boolean;
    };

/** Policies are the largest thing that a client sends. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
const MIN_TLS = 'TLSv1.2';
const MAX_STREAMS_PER_CLIENT = 128;
const MAX_CONNECTIONS = 256;
/** How long clients have to take what waits for them. */
const CLOSE_TIMEOUT_MS = 1_000;

/** One gRPC server on one address. */
export class GrpcListener {
  readonly #deps: GrpcListenerDependencies;
  readonly #address: GrpcAddress;
  readonly #sessions = new SessionKeeper();
  readonly #peers = new WeakMap<object, Peer>();
  readonly #answer: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  readonly #server: Http2Server | Http2SecureServer;
  #removeFile: () => Promise<void> = () => Promise.resolve();

  constructor(deps: GrpcListenerDependencies, address: GrpcAddress) {
    this.#deps = deps;
    this.#address = address;
    this.#answer = connectNodeAdapter({
      routes: deps.routes,
      connect: false,
      grpcWeb: false,
      readMaxBytes: MAX_REQUEST_BYTES,
      contextValues: (request) =>
        createContextValues().set(
          PEER,
          this.#peerOf('stream' in request ? request.stream.session : undefined),
        ),
    });
    this.#server = createHttp2Server(address);
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('session', (session) => {
      this.#welcome(session);
    });
    this.#server.on('stream', (stream, headers) => {
      this.#dispatch(stream, headers);
    });
  }

  /** The TCP port that it got; undefined on a unix socket. */
  get port(): number | undefined {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  /** Shows this certificate from now on; who is connected stays so. */
  useTls({ ca, cert, key }: TlsCredentials): void {
    if ('setSecureContext' in this.#server)
      this.#server.setSecureContext({ ca, cert, key, minVersion: MIN_TLS });
  }

  /** Listens. */
  async open(): Promise<void> {
    const address = this.#address;
    if (address.kind === 'unix') {
      this.#removeFile = await listenOn(this.#server, address.path, address.mode);
    } else {
      await listenTcp(this.#server, address.host, address.port);
    }
    // A failed accept (no descriptors left) concerns that client alone; without a listener it would end the process.
    this.#server.on('error', () => undefined);
  }

  /** Takes no more clients and lets those that are there go. */
  async close(): Promise<void> {
    await this.#removeFile();
    this.#server.close();
    await this.#sessions.close(CLOSE_TIMEOUT_MS);
  }

  #welcome(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    this.#peers.set(session, peerOfSession(session));
  }

  #dispatch(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { feeds } = this.#deps;
    const peer = this.#peerOf(stream.session);
    const client = { name: peerName(peer), isStranger: isStranger(peer) };
    if (feeds !== undefined && handleWatch(feeds, { stream, headers, client })) return;
    const request = new Http2ServerRequest(stream, headers, {}, []);
    this.#answer(request, new Http2ServerResponse(stream));
  }

  #peerOf(session: object | undefined): Peer {
    return (session && this.#peers.get(session)) ?? { kind: 'unknown' };
  }
}

function createHttp2Server(address: GrpcAddress): Http2Server | Http2SecureServer {
  const settings = { maxConcurrentStreams: MAX_STREAMS_PER_CLIENT };
  if (address.kind === 'unix' || address.hasTls !== true) return createServer({ settings });
  return createSecureServer({ settings, requestCert: true, rejectUnauthorized: true, minVersion: MIN_TLS });
}

async function listenTcp(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    const message = `${host}:${port}: could not listen: ${String(cause)}; is another agent running?`;
    throw new AgentError('LISTEN_FAILED', message, { cause });
  }
}
