import { connect } from 'node:net';
import { createClient, type Client } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { DescService } from '@bufbuild/protobuf';
import { describeAddress, type GrpcAddress } from './grpc-address.js';
import type { TlsFiles } from './tls-files.js';

/** How a connection is made. */
export interface GrpcConnectionOptions {
  readonly address: GrpcAddress;
  /** With it, mutual TLS. By default plain text. */
  readonly tls?: TlsFiles | undefined;
}

/** A server that is gone without a word is noticed after twice this. */
const PING_MS = 10_000;

/** A connection to a gRPC server, made by the first call. */
export class GrpcConnection {
  /** The server's address as people write it. */
  readonly name: string;
  readonly #manager: Http2SessionManager;

  constructor({ address, tls }: GrpcConnectionOptions) {
    this.name = describeAddress(address);
    this.#manager = new Http2SessionManager(
      urlOf(address, tls !== undefined),
      { pingIntervalMs: PING_MS, pingTimeoutMs: PING_MS },
      {
        ...(tls === undefined ? {} : { ...tls, minVersion: 'TLSv1.2' }),
        ...(address.kind === 'unix' ? { createConnection: () => connect(address.path) } : {}),
      },
    );
  }

  /** A client of one of the server's services. */
  client<Service extends DescService>(service: Service): Client<Service> {
    const sessionManager = this.#manager;
    return createClient(service, createGrpcTransport({ baseUrl: sessionManager.authority, sessionManager }));
  }

  /** Ends the connection and every call. */
  close(): void {
    this.#manager.abort();
  }
}

function urlOf(address: GrpcAddress, isSecure: boolean): string {
  const scheme = isSecure ? 'https' : 'http';
  return `${scheme}://${address.kind === 'unix' ? 'localhost' : describeAddress(address)}`;
}
