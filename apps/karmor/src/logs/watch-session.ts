import { LogService } from '@kubearmor/protocol';
import type { GrpcConnection } from '../connection/grpc-connection.js';
import { grpcFailure } from '../connection/grpc-failure.js';
import { KarmorError } from '../errors.js';
import type { Event } from './event.js';
import { fromWireAlert, fromWireLog, fromWireMessage } from './from-wire.js';
import type { LogsOptions } from './logs-options.js';

/** What a {@link WatchSession} needs. */
export interface WatchSessionDependencies {
  readonly connection: GrpcConnection;
  readonly take: (event: Event) => void;
  readonly note: (line: string) => void;
}

const HEALTH_TIMEOUT_MS = 10_000;
const MAX_NONCE = 1_000_000;

/** The streams of one connection. */
export class WatchSession {
  readonly #deps: WatchSessionDependencies;
  readonly #streams: readonly ('alerts' | 'logs' | 'messages')[];
  readonly #logFilter: LogsOptions['logFilter'];

  constructor(
    deps: WatchSessionDependencies,
    { logFilter, logPath }: Pick<LogsOptions, 'logFilter' | 'logPath'>,
  ) {
    this.#deps = deps;
    this.#logFilter = logFilter;
    const wantsEvents = logPath !== 'none';
    this.#streams = [
      ...(wantsEvents && logFilter !== 'system' ? (['alerts'] as const) : []),
      ...(wantsEvents && logFilter !== 'policy' ? (['logs'] as const) : []),
      // Always: what was dropped is told there.
      'messages',
    ];
  }

  /** Whether somebody is there. Throws SERVER_UNREACHABLE or what else is wrong. */
  async check(signal: AbortSignal): Promise<void> {
    const { connection, note } = this.#deps;
    const nonce = Math.floor(Math.random() * MAX_NONCE);
    try {
      const client = connection.client(LogService);
      const { Retval } = await client.healthCheck({ nonce }, { signal, timeoutMs: HEALTH_TIMEOUT_MS });
      if (Retval !== nonce) {
        throw new KarmorError(
          'CALL_FAILED',
          `${connection.name}: expected the nonce ${nonce} back, got ${Retval}`,
        );
      }
    } catch (thrown) {
      connection.close();
      throw checkFailure(grpcFailure(thrown, connection.name));
    }
    // Told when it has come to something: tries are not worth a line each.
    note(`Created a gRPC client (${connection.name})`);
    note('Checked the liveness of the gRPC server');
  }

  /** Follows the streams until one of them ends, which is never wanted: it always throws unless the signal is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    const following = this.#streams.map((stream) => this.#follow(stream, both));
    try {
      await Promise.race(following);
    } finally {
      ended.abort();
      await Promise.allSettled(following);
      this.#deps.connection.close();
    }
  }

  async #follow(stream: 'alerts' | 'logs' | 'messages', signal: AbortSignal): Promise<void> {
    const { connection, take, note } = this.#deps;
    const onHeader = (): void => {
      note(`Started to watch ${stream}`);
    };
    try {
      for await (const event of this.#open(stream, { signal, onHeader })) take(event);
    } catch (thrown) {
      if (signal.aborted) return;
      throw grpcFailure(thrown, connection.name);
    }
    throw new KarmorError('CONNECTION_LOST', `${connection.name}: the server ended the stream of ${stream}`);
  }

  async *#open(
    stream: 'alerts' | 'logs' | 'messages',
    options: { readonly signal: AbortSignal; readonly onHeader: () => void },
  ): AsyncGenerator<Event, void, undefined> {
    const client = this.#deps.connection.client(LogService);
    const request = { Filter: this.#logFilter };
    switch (stream) {
      case 'alerts':
        for await (const alert of client.watchAlerts(request, options)) yield fromWireAlert(alert);
        return;
      case 'logs':
        for await (const log of client.watchLogs(request, options)) yield fromWireLog(log);
        return;
      case 'messages':
        for await (const message of client.watchMessages({ Filter: '' }, options))
          yield fromWireMessage(message);
        return;
    }
  }
}

/** Before anything was answered, a connection that ends is one that was not wanted so. */
function checkFailure(failure: KarmorError): KarmorError {
  if (failure.code !== 'CONNECTION_LOST') return failure;
  const message = `${failure.message}; a server that wants certificates does this: --secure`;
  return new KarmorError('SERVER_UNREACHABLE', message, { cause: failure });
}
