import type { ServerHttp2Stream } from 'node:http2';
import type { WorkloadShare } from '@kubearmor/telemetry';
import type { Chunk } from '../wire/frame-writer.js';
import { endStream, type GrpcEnd } from './grpc-end.js';

/** Why a message did not reach a client. */
export type DropCause =
  /** The client reads more slowly than messages come, and its queue was full. */
  | 'slow-client'
  /** The client went away with messages still in its queue. */
  | 'gone'
  /** No client would accept a message so long. */
  | 'oversize';

/** How a {@link Watcher} holds on to messages. */
export interface WatcherOptions {
  /** Who it is, for counters and messages. */
  readonly client: string;
  /** How many bytes may wait for the client. */
  readonly maxQueuedBytes: number;
  readonly onSent: (messages: number) => void;
  readonly onDropped: (shares: readonly WorkloadShare[], cause: DropCause) => void;
}

/** What became of a client's messages so far. */
export interface WatcherState {
  readonly client: string;
  readonly sent: number;
  readonly dropped: number;
  readonly queuedBytes: number;
}

/**
 * How many bytes HTTP/2 may hold for one stream. What is handed to it can no longer be reordered, and the streams of a
 * connection share one socket: what is little here lets alerts overtake logs.
 */
const MAX_IN_FLIGHT_BYTES = 256 * 1024;

/** Sends chunks to one client, holding a bounded number of bytes while it does not read. */
export class Watcher {
  readonly #stream: ServerHttp2Stream;
  readonly #options: WatcherOptions;
  #queue: Chunk[] = [];
  #head = 0;
  #queuedBytes = 0;
  #inFlightBytes = 0;
  #sent = 0;
  #dropped = 0;
  #end: GrpcEnd | undefined;

  constructor(stream: ServerHttp2Stream, options: WatcherOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.once('close', () => {
      this.#forgetQueue();
    });
  }

  /** What became of its messages so far. */
  get state(): WatcherState {
    const { client } = this.#options;
    return { client, sent: this.#sent, dropped: this.#dropped, queuedBytes: this.#queuedBytes };
  }

  /** Takes a chunk, or drops and counts it whole. */
  offer(chunk: Chunk): void {
    if (this.#end !== undefined || this.#stream.closed) {
      this.#drop(chunk, 'gone');
    } else if (this.#queuedBytes + chunk.bytes.length > this.#options.maxQueuedBytes) {
      this.#drop(chunk, 'slow-client');
    } else {
      chunk.slab.hold();
      this.#queue.push(chunk);
      this.#queuedBytes += chunk.bytes.length;
      this.#pump();
    }
  }

  /** Takes no more; ends the stream when what waits has been sent. */
  end(how: GrpcEnd): void {
    if (this.#end !== undefined) return;
    this.#end = how;
    this.#pump();
  }

  #pump(): void {
    while (this.#inFlightBytes < MAX_IN_FLIGHT_BYTES) {
      const chunk = this.#next();
      if (chunk === undefined) break;
      this.#send(chunk);
    }
    if (this.#end !== undefined && this.#queuedBytes === 0 && this.#inFlightBytes === 0) {
      endStream(this.#stream, this.#end);
    }
  }

  #send(chunk: Chunk): void {
    const { bytes, messages, slab } = chunk;
    this.#inFlightBytes += bytes.length;
    this.#stream.write(bytes, (error) => {
      this.#inFlightBytes -= bytes.length;
      // Of a write that failed, a part may still be on its way.
      if (error) slab.taint();
      slab.release();
      if (error) {
        this.#drop(chunk, 'gone');
        return;
      }
      this.#sent += messages;
      this.#options.onSent(messages);
      this.#pump();
    });
  }

  #next(): Chunk | undefined {
    const chunk = this.#queue[this.#head];
    if (chunk === undefined) return undefined;
    this.#head += 1;
    this.#queuedBytes -= chunk.bytes.length;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    return chunk;
  }

  #forgetQueue(): void {
    for (let chunk = this.#next(); chunk !== undefined; chunk = this.#next()) {
      chunk.slab.release();
      this.#drop(chunk, 'gone');
    }
  }

  #drop({ messages, shares }: Chunk, cause: DropCause): void {
    this.#dropped += messages;
    this.#options.onDropped(shares, cause);
  }
}
