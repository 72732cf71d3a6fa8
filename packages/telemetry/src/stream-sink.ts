import type { Writable } from 'node:stream';
import type { LineSink } from './line-sink.js';
import type { Lines } from './lines.js';
import { SinkCounters, type SinkCountersDependencies } from './sink-counters.js';

/** What a {@link StreamSink} needs. */
export interface StreamSinkDependencies extends SinkCountersDependencies {
  /** Standard output, usually; it is neither ended nor destroyed. */
  readonly stream: Writable;
}

/** How a {@link StreamSink} writes. */
export interface StreamSinkOptions {
  /** What the lines are. By default `alerts`. */
  readonly stream?: 'alerts' | 'logs';
  /** How many bytes the stream may hold, whoever wrote them. By default 1 MiB. */
  readonly maxPendingBytes?: number;
  /** The sink's name in the counters. By default `stdout`. */
  readonly name?: string;
}

/** Writes lines to a stream, dropping what a slow reader leaves no room for. */
export class StreamSink implements LineSink {
  readonly #stream: Writable;
  readonly #maxPendingBytes: number;
  readonly #counters: SinkCounters;
  #isClosed = false;

  constructor(deps: StreamSinkDependencies, options: StreamSinkOptions = {}) {
    this.#stream = deps.stream;
    this.#maxPendingBytes = options.maxPendingBytes ?? 1024 * 1024;
    this.#counters = new SinkCounters(deps, {
      sink: options.name ?? 'stdout',
      stream: options.stream ?? 'alerts',
    });
    // A reader that went away (EPIPE) must not end the process. Each write counts its own failure.
    this.#stream.on('error', () => undefined);
  }

  write(lines: Lines): void {
    const { bytes } = lines;
    if (this.#isClosed) {
      this.#counters.drop('closed', lines);
    } else if (this.#stream.writableLength + bytes.length > this.#maxPendingBytes) {
      this.#counters.drop('full', lines);
    } else {
      this.#stream.write(Buffer.from(bytes), (error) => {
        if (error) this.#counters.drop('failed', lines);
        else this.#counters.write(lines);
      });
    }
  }

  async flush(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#stream.write('', () => {
      resolve(undefined);
    });
    await promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }
}
