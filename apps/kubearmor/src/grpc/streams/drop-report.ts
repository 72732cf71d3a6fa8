import type { FeedDrop } from './feed.js';

/** How a {@link DropReport} reports. */
export interface DropReportOptions {
  /** Takes one line per client, stream and cause. */
  readonly report: (line: string) => void;
  /** How long drops are added up before they are told. By default 1,000. */
  readonly intervalMs?: number;
}

/** Tells of messages that did not reach a client: at most one line a second for each client, stream and cause. */
export class DropReport {
  readonly #options: DropReportOptions;
  #drops = new Map<string, FeedDrop>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DropReportOptions) {
    this.#options = options;
  }

  /** Adds to what is told next. */
  add(drop: FeedDrop): void {
    const key = `${drop.feed}\0${drop.client}\0${drop.cause}`;
    const messages = (this.#drops.get(key)?.messages ?? 0) + drop.messages;
    this.#drops.set(key, { ...drop, messages });
    this.#timer ??= setTimeout(() => {
      this.#tell();
    }, this.#options.intervalMs ?? 1_000);
    this.#timer.unref();
  }

  /** Tells what is left, for the end. */
  close(): void {
    this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const drops = this.#drops;
    this.#drops = new Map();
    for (const { feed, client, cause, messages } of drops.values()) {
      const whose = client === '' ? '' : ` for client ${client}`;
      this.#options.report(`dropped ${messages} ${feed}${whose}: ${cause}`);
    }
  }
}
