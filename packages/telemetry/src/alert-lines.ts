import type { Alert } from './alert.js';
import type { LineSink } from './line-sink.js';
import type { AlertFormat, AlertSink } from './sink.js';

/** Writes alerts as lines. */
export class AlertLines implements AlertSink {
  readonly #sink: LineSink;
  readonly #format: AlertFormat;

  constructor(sink: LineSink, format: AlertFormat) {
    this.#sink = sink;
    this.#format = format;
  }

  write(alert: Alert): void {
    const bytes = Buffer.from(`${this.#format(alert)}\n`);
    this.#sink.write({ bytes, shares: [{ workload: alert.ContainerID ?? '', messages: 1 }] });
  }

  flush(): Promise<void> {
    return this.#sink.flush();
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}
