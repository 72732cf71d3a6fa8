import { closeSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import type { GuardAlert } from './guard-alert.js';
import { identify } from './process-identity.js';
import { segmentName } from './journal-segment.js';

/** How an {@link AlertJournal} is written. */
export interface AlertJournalOptions {
  /** Directory of the segments. */
  readonly directory: string;
  readonly nowMs: () => number;
  /** A segment ends once it has this many bytes. By default 4 MiB. */
  readonly segmentBytes?: number;
  /** Opens a new file. By default at once. */
  readonly begin?: (path: string) => number | 'taken' | 'wait';
  /** How much may wait for an agent, in bytes; what comes beyond is counted, not kept. By default 128 MiB. */
  readonly maxBytes?: number;
}

/** As many alerts wait for a file at the most. */
const MAX_UNWRITTEN = 65_536;

interface Segment {
  readonly fd: number;
  bytes: number;
}

/**
 * Alerts on their way to the agent, in files: one write(2) hands an alert over, and no death of a process takes it
 * back. Every writer has segments of its own. Nothing waits for a disk.
 */
export class AlertJournal {
  readonly #options: AlertJournalOptions;
  readonly #segmentBytes: number;
  readonly #maxBytes: number;
  readonly #begin: (path: string) => number | 'taken' | 'wait';
  #segment: Segment | undefined;
  /** Lines for which there is no file yet. */
  #unwritten: string[] = [];
  #waitingBytes = 0;
  #measuredAtMs = 0;
  #dropped = 0;

  constructor(options: AlertJournalOptions) {
    this.#options = options;
    this.#begin = options.begin ?? openNew;
    this.#segmentBytes = options.segmentBytes ?? 4 * 1024 * 1024;
    this.#maxBytes = options.maxBytes ?? 128 * 1024 * 1024;
  }

  /** How many alerts could not be kept. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Hands an alert over. Never throws: an alert must not change what becomes of an operation. */
  put(alert: GuardAlert): void {
    try {
      if (this.#unwritten.length < MAX_UNWRITTEN && this.#hasRoom()) {
        this.#unwritten.push(`${JSON.stringify(alert)}\n`);
        this.#write();
      } else this.#dropped++;
    } catch {
      this.#dropped++;
      this.#end();
    }
  }

  /** Writes what had to wait for a file. */
  flush(): void {
    try {
      this.#write();
    } catch {
      this.#end();
    }
  }

  #write(): void {
    while (this.#unwritten.length > 0) {
      this.#segment ??= this.#next();
      const line = this.#segment && this.#unwritten.shift();
      if (line === undefined) return;
      this.#append(this.#segment, line);
    }
  }

  #append(segment: Segment | undefined, line: string): void {
    if (segment === undefined) return;
    const bytes = writeSync(segment.fd, line);
    segment.bytes += bytes;
    this.#waitingBytes += bytes;
    if (segment.bytes >= this.#segmentBytes) this.#end();
  }

  #next(): Segment | undefined {
    mkdirSync(this.#options.directory, { recursive: true, mode: 0o700 });
    const writer = identify(process.pid) ?? { pid: process.pid, startTime: '0' };
    for (let number = this.#options.nowMs(); ; number++) {
      const fd = this.#begin(`${this.#options.directory}/${segmentName({ number, writer })}`);
      if (fd === 'wait') return undefined;
      if (fd !== 'taken') return { fd, bytes: 0 };
    }
  }

  #end(): void {
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment !== undefined) closeSync(segment.fd);
  }

  // What the reader has removed meanwhile is learned by looking, at most once a second.
  #hasRoom(): boolean {
    if (this.#waitingBytes < this.#maxBytes) return true;
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#measuredAtMs < 1000) return false;
    this.#measuredAtMs = nowMs;
    this.#waitingBytes = bytesIn(this.#options.directory);
    return this.#waitingBytes < this.#maxBytes;
  }
}

function openNew(path: string): number | 'taken' {
  try {
    return openSync(path, 'ax', 0o600);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return 'taken';
    throw thrown;
  }
}

function bytesIn(directory: string): number {
  let bytes = 0;
  for (const name of readdirSync(directory)) {
    bytes += statSync(`${directory}/${name}`, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
