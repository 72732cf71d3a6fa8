import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { E2eError } from '../errors.ts';

const PREFIX_BYTES = 5;
const WINDOW_BYTES = 16 * 1024 * 1024;

/** A gRPC client of one of KubeArmor's streams that only takes frames apart: it must not be what limits. */
export class FeedClient {
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #take: (message: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #received = 0;

  private constructor(
    session: ClientHttp2Session,
    stream: ClientHttp2Stream,
    take: (message: Buffer) => void,
  ) {
    this.#session = session;
    this.#stream = stream;
    this.#take = take;
    stream.on('data', (bytes: Buffer) => {
      this.#split(bytes);
    });
    stream.on('error', () => undefined);
  }

  /** Watches a stream, `WatchLogs` say; resolves when the server has accepted. `take` sees each message, undecoded, only during the call. */
  static async watch(
    socket: string,
    method: string,
    take: (message: Buffer) => void = () => undefined,
  ): Promise<FeedClient> {
    const session = connect('http://localhost', {
      createConnection: () => connectSocket(socket),
      settings: { initialWindowSize: WINDOW_BYTES, maxFrameSize: 1024 * 1024 },
    });
    session.on('error', () => undefined);
    await once(session, 'connect');
    session.setLocalWindowSize(WINDOW_BYTES);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: `/feeder.LogService/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const client = new FeedClient(session, stream, take);
    stream.end(Buffer.from('\0\0\0\0\x05\x0a\x03all', 'latin1'));
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    if (headers[':status'] !== 200 || headers['grpc-status'] !== undefined)
      throw new E2eError('E2E_AGENT', `${method}: expected to be accepted, got ${JSON.stringify(headers)}`);
    return client;
  }

  /** How many messages have come. */
  get received(): number {
    return this.#received;
  }

  /** Reads no more until {@link resume}. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  async close(): Promise<void> {
    this.#session.destroy();
    if (!this.#session.closed) await once(this.#session, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #split(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (all.length - at >= PREFIX_BYTES) {
      const end = at + PREFIX_BYTES + all.readUInt32BE(at + 1);
      if (end > all.length) break;
      this.#received += 1;
      this.#take(all.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    this.#rest = Buffer.from(all.subarray(at));
  }
}
