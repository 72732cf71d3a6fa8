import type { Writable } from 'node:stream';
import type { Counters } from '@kubearmor/service';
import type { Alert } from './alert.js';
import type { AlertFormat, AlertSink } from './sink.js';
import { sinkCounters, type SinkCounters } from './sink-counters.js';

/** What a {@link StreamSink} needs. */
export interface StreamSinkDependencies {
  /** Standard output, usually; it is neither ended nor destroyed. */
  readonly stream: Writable;
  readonly counters: Counters;
}

/** How a {@link StreamSink} writes. */
export interface StreamSinkOptions {
  readonly format: AlertFormat;
  /** How many bytes the stream may hold. By default 1 MiB. */
  readonly maxPendingBytes?: number;
  /** The sink's name in the counters. By default `stdout`. */
  readonly name?: string;
}

/** Writes alerts to a stream, dropping what a slow reader leaves no room for. */
export class StreamSink implements AlertSink {
  readonly #stream: Writable;
  readonly #format: AlertFormat;
  readonly #maxPendingBytes: number;
  readonly #counters: SinkCounters;
  #isClosed = false;

  constructor(deps: StreamSinkDependencies, options: StreamSinkOptions) {
    this.#stream = deps.stream;
    this.#format = options.format;
    this.#maxPendingBytes = options.maxPendingBytes ?? 1024 * 1024;
    this.#counters = sinkCounters(deps.counters, options.name ?? 'stdout');
    // A reader that went away (EPIPE) must not end the process. Each write counts its own failure.
    this.#stream.on('error', () => undefined);
  }

  write(alert: Alert): void {
    if (this.#isClosed) {
      this.#counters.droppedClosed.add();
      return;
    }
    const line = Buffer.from(`${this.#format(alert)}\n`);
    if (this.#stream.writableLength + line.length > this.#maxPendingBytes) {
      this.#counters.droppedFull.add();
      return;
    }
    this.#stream.write(line, (error) => {
      (error ? this.#counters.droppedFailed : this.#counters.written).add();
    });
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
