import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ListenAddress } from '../config/values/address.js';
import { AgentError } from '../errors.js';
import { METRICS_TYPE } from './render-metrics.js';

/** What a {@link HealthServer} answers. */
export interface HealthServerDependencies {
  /** The metrics of this moment, as text. */
  readonly metrics: () => Promise<string>;
  /** Why the agent is not ready; nothing when it is. */
  readonly notReady: () => Promise<readonly string[]>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A client that takes longer for a request, or for taking the answer, is let go. */
const PATIENCE_MS = 10_000;
const MAX_CONNECTIONS = 32;
const TEXT = 'text/plain; charset=utf-8';

/** Answers `/metrics`, `/healthz` and `/readyz` over HTTP. */
export class HealthServer {
  readonly #deps: HealthServerDependencies;
  readonly #address: ListenAddress;
  readonly #server: Server;

  constructor(deps: HealthServerDependencies, address: ListenAddress) {
    this.#deps = deps;
    this.#address = address;
    this.#server = createServer(
      { requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS },
      (request, response) => {
        void this.#answer(request, response);
      },
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    // Node keeps what a slow client has not taken in memory, and nothing waits for it; after this it is given up.
    this.#server.setTimeout(PATIENCE_MS);
  }

  /** The port that it got; undefined while it does not listen. */
  get port(): number | undefined {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  /** Listens. Throws LISTEN_FAILED. */
  async open(): Promise<void> {
    const { host, port } = this.#address;
    try {
      this.#server.listen({ host, port });
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new AgentError('LISTEN_FAILED', `${host}:${port}: could not listen: ${String(cause)}`, { cause });
    }
    // A failed accept concerns that client alone.
    this.#server.on('error', () => undefined);
  }

  /** Takes no more clients and lets those that are there go. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body } = await this.#answerTo(request).catch(failed);
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #answerTo({ method, url = '' }: IncomingMessage): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: TEXT, body: 'expected GET\n' };
    const [path = ''] = url.split('?');
    switch (path) {
      case '/metrics':
        return { status: 200, type: METRICS_TYPE, body: await this.#deps.metrics() };
      case '/healthz':
        return { status: 200, type: TEXT, body: 'ok\n' };
      case '/readyz':
        return ready(await this.#deps.notReady());
      default:
        return { status: 404, type: TEXT, body: 'expected /metrics, /healthz or /readyz\n' };
    }
  }
}

function ready(reasons: readonly string[]): Answer {
  if (reasons.length === 0) return { status: 200, type: TEXT, body: 'ok\n' };
  return { status: 503, type: TEXT, body: `${reasons.join('\n')}\n` };
}

function failed(thrown: unknown): Answer {
  return { status: 500, type: TEXT, body: `${String(thrown)}\n` };
}
