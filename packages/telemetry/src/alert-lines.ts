import type { Alert } from './alert.js';
import type { LineSink } from './line-sink.js';
import type { AlertFormat, AlertSink } from './sink.js';

/** So much is handed on at once, in characters; what is less at the end of the turn of the event loop. */
const FULL_LENGTH = 32 * 1024;
/** UTF-8 needs at most three bytes for one UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;

/** Writes alerts as lines, those that come close together in one piece. */
export class AlertLines implements AlertSink {
  readonly #sink: LineSink;
  readonly #format: AlertFormat;
  readonly #shares = new Map<string, number>();
  #text = '';
  #memory: Buffer = Buffer.allocUnsafeSlow(FULL_LENGTH);
  #handing: NodeJS.Immediate | undefined;

  constructor(sink: LineSink, format: AlertFormat) {
    this.#sink = sink;
    this.#format = format;
  }

  write(alert: Alert): void {
    const workload = alert.ContainerID ?? '';
    this.#text += `${this.#format(alert)}\n`;
    this.#shares.set(workload, (this.#shares.get(workload) ?? 0) + 1);
    if (this.#text.length >= FULL_LENGTH) this.#handOn();
    else
      this.#handing ??= setImmediate(() => {
        this.#handOn();
      });
  }

  flush(): Promise<void> {
    this.#handOn();
    return this.#sink.flush();
  }

  close(): Promise<void> {
    this.#handOn();
    return this.#sink.close();
  }

  #handOn(): void {
    clearImmediate(this.#handing);
    this.#handing = undefined;
    if (this.#text === '') return;
    const shares = [...this.#shares].map(([workload, messages]) => ({ workload, messages }));
    const bytes = this.#encode(this.#text);
    this.#text = '';
    this.#shares.clear();
    this.#sink.write({ bytes, shares });
  }

  #encode(text: string): Uint8Array {
    const needed = text.length * MAX_BYTES_PER_UNIT;
    if (needed > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(needed);
    return this.#memory.subarray(0, this.#memory.write(text));
  }
}
