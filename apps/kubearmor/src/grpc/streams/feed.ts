import type { ServerHttp2Stream } from 'node:http2';
import type { Counter, Counters } from '@kubearmor/service';
import type { WorkloadShare } from '@kubearmor/telemetry';
import type { Encoder } from '../wire/encoder.js';
import { FrameWriter, type Chunk } from '../wire/frame-writer.js';
import type { GrpcEnd } from './grpc-end.js';
import { Watcher, type DropCause, type WatcherState } from './watcher.js';

/** The streams of KubeArmor's LogService. */
export type FeedName = 'alerts' | 'logs' | 'messages';

/** Messages that did not reach a client. */
export interface FeedDrop {
  readonly feed: FeedName;
  readonly client: string;
  readonly cause: DropCause;
  readonly shares: readonly WorkloadShare[];
}

/** What a {@link Feed} needs. */
export interface FeedDependencies<Item> {
  readonly encoder: Encoder<Item>;
  readonly counters: Counters;
  readonly onDropped: (drop: FeedDrop) => void;
  /** The first client has come, or the last one gone. */
  readonly onWatched: (isWatched: boolean) => void;
}

/** How a {@link Feed} is. */
export interface FeedOptions {
  readonly name: FeedName;
  /** How many bytes may wait for one client. */
  readonly maxQueuedBytes: number;
  /** How many clients may watch that anybody on the machine could be. */
  readonly maxStrangers: number;
}

/** Who watches. */
export interface FeedClientIdentity {
  /** Who it is, for counters and messages. */
  readonly name: string;
  /** Whether it may be anybody: what strangers make the agent hold is bounded as a whole. */
  readonly isStranger: boolean;
}

/** A full chunk leaves at once, what is less at the end of the turn of the event loop. */
const FULL_BYTES = 32 * 1024;

/** One of the streams: what is written to it goes, encoded once, to every client that watches. */
export class Feed<Item> {
  readonly #deps: FeedDependencies<Item>;
  readonly #options: FeedOptions;
  readonly #frames = new FrameWriter();
  readonly #watchers = new Set<Watcher>();
  #strangers = 0;
  readonly #sent: Counter;
  #flushing: NodeJS.Immediate | undefined;

  constructor(deps: FeedDependencies<Item>, options: FeedOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#sent = deps.counters.counter('stream_sent', { stream: options.name });
  }

  /** Whether any client watches; while none does, what is written costs nothing. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** What became of the messages of each client that watches. */
  get watchers(): readonly WatcherState[] {
    return [...this.#watchers].map((watcher) => watcher.state);
  }

  /** Encodes and sends; what a client has no room for is dropped and counted. */
  write(items: readonly Item[]): void {
    if (this.#watchers.size === 0) return;
    const { encoder } = this.#deps;
    for (const item of items) {
      if (!encoder.encode(item, this.#frames)) this.#tellOversize(encoder.workloadOf(item));
      if (this.#frames.pendingBytes >= FULL_BYTES) this.offer(this.#frames.take());
    }
    this.#flushing ??= setImmediate(() => {
      this.#flush();
    });
  }

  /** Sends what is encoded already; the chunks are the feed's from now on. */
  offer(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      for (const watcher of this.#watchers) watcher.offer(chunk);
      chunk.slab.release();
    }
  }

  /** Sends to this client, too, what is written from now on; false when there are too many strangers already. */
  watch(stream: ServerHttp2Stream, { name, isStranger }: FeedClientIdentity): boolean {
    if (isStranger && this.#strangers >= this.#options.maxStrangers) return false;
    // What was written before the client came is not for it.
    this.#flush();
    const watcher = this.#createWatcher(stream, name);
    this.#watchers.add(watcher);
    if (isStranger) this.#strangers += 1;
    if (this.#watchers.size === 1) this.#deps.onWatched(true);
    stream.once('close', () => {
      this.#watchers.delete(watcher);
      if (isStranger) this.#strangers -= 1;
      if (this.#watchers.size === 0) this.#deps.onWatched(false);
    });
    return true;
  }

  /** Ends the stream of every client when it has got what it waits for. */
  close(how: GrpcEnd): void {
    this.#flush();
    for (const watcher of this.#watchers) watcher.end(how);
  }

  #createWatcher(stream: ServerHttp2Stream, client: string): Watcher {
    return new Watcher(stream, {
      client,
      maxQueuedBytes: this.#options.maxQueuedBytes,
      onSent: (messages) => {
        this.#sent.add(messages);
      },
      onDropped: (shares, cause) => {
        this.#count({ client, cause, shares });
      },
    });
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    this.offer(this.#frames.take());
  }

  #tellOversize(workload: string): void {
    this.#count({ client: '', cause: 'oversize', shares: [{ workload, messages: 1 }] });
  }

  #count(drop: Omit<FeedDrop, 'feed'>): void {
    const { name } = this.#options;
    const counter = this.#deps.counters.counter('stream_dropped', { stream: name, cause: drop.cause });
    for (const { messages } of drop.shares) counter.add(messages);
    this.#deps.onDropped({ feed: name, ...drop });
  }
}
