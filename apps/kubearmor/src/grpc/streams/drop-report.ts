import type { Drop } from '@kubearmor/telemetry';

/** How a {@link DropReport} reports. */
export interface DropReportOptions {
  /** Takes one line per client, stream and cause. */
  readonly report: (line: string) => void;
  /** How long drops are added up before they are told. By default 1,000. */
  readonly intervalMs?: number;
}

/** Tells of messages that were lost: at most one line a second for each stream, cause and, where only one did not get them, client. */
export class DropReport {
  readonly #options: DropReportOptions;
  #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DropReportOptions) {
    this.#options = options;
  }

  /** Adds to what is told next. */
  add({ stream, cause, client, shares }: Drop): void {
    const whose = client === undefined ? '' : ` for client ${client}`;
    const key = `${stream}${whose}: ${cause}`;
    const messages = shares.reduce((sum, share) => sum + share.messages, this.#counts.get(key) ?? 0);
    this.#counts.set(key, messages);
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
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [key, messages] of counts) this.#options.report(`dropped ${messages} ${key}`);
  }
}
