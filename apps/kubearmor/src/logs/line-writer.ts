import {
  createLog,
  formatLegacyLogJson,
  formatLogJson,
  formatLogText,
  type Log,
  type LogEvent,
  type LogNode,
} from '@kubearmor/telemetry';
import type { LogLines, SentLines } from './log-thread-protocol.js';

const FORMATS: Readonly<Record<LogLines, (log: Log) => string>> = {
  json: (log) => formatLogJson(log),
  text: formatLogText,
  legacy: (log) => formatLegacyLogJson(log),
};

/** Renders logs as lines of text. */
export class LineWriter {
  readonly #node: LogNode;
  readonly #format: (log: Log) => string;
  readonly #encoder = new TextEncoder();

  constructor(node: LogNode, lines: LogLines) {
    this.#node = node;
    this.#format = FORMATS[lines];
  }

  /** The lines of some events; undefined for none. */
  write(events: readonly LogEvent[]): SentLines | undefined {
    if (events.length === 0) return undefined;
    const shares = new Map<string, number>();
    let text = '';
    for (const event of events) {
      const { ContainerID = '' } = event.workload;
      shares.set(ContainerID, (shares.get(ContainerID) ?? 0) + 1);
      text += `${this.#format(createLog(event, this.#node))}\n`;
    }
    return {
      bytes: this.#encoder.encode(text),
      shares: [...shares].map(([workload, messages]) => ({ workload, messages })),
    };
  }
}
