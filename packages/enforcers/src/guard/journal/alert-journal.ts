import { closeSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import type { AlertCounts } from './alert-counts.js';
import type { GuardAlert } from '../guard-alert.js';
import { segmentName, type JournalWriter } from './journal-segment.js';
import { identify } from '../process-identity.js';

/** What an {@link AlertJournal} needs. */
export interface AlertJournalDeps {
  readonly counts: Pick<AlertCounts, 'raise' | 'lose'>;
  readonly nowMs: () => number;
}

/** How an {@link AlertJournal} is written. */
export interface AlertJournalOptions {
  /** Directory of the segments. */
  readonly directory: string;
  /** A segment ends once it has this many bytes and there is a file for the next. By default 4 MiB. */
  readonly segmentBytes?: number;
  /** Opens a new file; undefined while there is none to be had. By default at once. */
  readonly begin?: (path: string) => number | 'taken' | undefined;
  /** How much may wait for an agent, in bytes; what comes beyond is counted, not kept. By default 128 MiB. */
  readonly maxBytes?: number;
}

interface Segment {
  readonly fd: number;
  bytes: number;
}

const LINE_BYTES = 64 * 1024;
/** The most that UTF-8 makes of a character of a string. */
const MAX_BYTES_PER_CHARACTER = 3;

/**
 * Alerts on their way to the agent, in files: one write(2) hands an alert over, and no death of a process takes it
 * back. Nothing is held here: an alert is in a file, or counted as lost, when {@link put} returns. Every writer has
 * segments of its own. Nothing waits for a disk.
 */
export class AlertJournal {
  readonly #deps: AlertJournalDeps;
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #maxBytes: number;
  readonly #begin: (path: string) => number | 'taken' | undefined;
  readonly #writer: JournalWriter = {
    ...(identify(process.pid) ?? { pid: process.pid, startTime: '0' }),
    thread: threadId,
  };
  #line: Buffer = Buffer.allocUnsafeSlow(LINE_BYTES);
  #segment: Segment | undefined;
  #number = 0;
  #waitingBytes = 0;
  #measuredAtMs = 0;

  constructor(deps: AlertJournalDeps, options: AlertJournalOptions) {
    this.#deps = deps;
    this.#directory = options.directory;
    this.#begin = options.begin ?? openNew;
    this.#segmentBytes = options.segmentBytes ?? 4 * 1024 * 1024;
    this.#maxBytes = options.maxBytes ?? 128 * 1024 * 1024;
  }

  /** Hands an alert over. Never throws: an alert must not change what becomes of an operation. */
  put(alert: GuardAlert): void {
    this.#deps.counts.raise();
    if (!this.#keep(alert)) this.#deps.counts.lose();
  }

  #keep(alert: GuardAlert): boolean {
    try {
      const segment = this.#hasRoom() ? this.#current() : undefined;
      return segment !== undefined && this.#append(segment, `${JSON.stringify(alert)}\n`);
    } catch {
      this.#end();
      return false;
    }
  }

  #append(segment: Segment, text: string): boolean {
    if (text.length * MAX_BYTES_PER_CHARACTER > this.#line.length)
      this.#line = Buffer.allocUnsafeSlow(text.length * MAX_BYTES_PER_CHARACTER);
    const length = this.#line.write(text);
    const written = writeSync(segment.fd, this.#line, 0, length);
    segment.bytes += written;
    this.#waitingBytes += written;
    if (written === length) return true;
    // What follows must not become the rest of this line.
    this.#end();
    return false;
  }

  // Where there is no file for the next segment yet, this one goes on.
  #current(): Segment | undefined {
    if (this.#segment !== undefined && this.#segment.bytes < this.#segmentBytes) return this.#segment;
    const next = this.#next();
    if (next !== undefined) {
      this.#end();
      this.#segment = next;
    }
    return this.#segment;
  }

  #next(): Segment | undefined {
    try {
      for (;;) {
        // A clock that is set back must not put a later segment before an earlier one.
        this.#number = Math.max(this.#deps.nowMs(), this.#number + 1);
        const name = segmentName({ number: this.#number, writer: this.#writer });
        const fd = this.#begin(`${this.#directory}/${name}`);
        if (fd === undefined) return undefined;
        if (fd !== 'taken') return { fd, bytes: 0 };
      }
    } catch {
      return undefined;
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
    const nowMs = this.#deps.nowMs();
    if (nowMs - this.#measuredAtMs < 1000) return false;
    this.#measuredAtMs = nowMs;
    this.#waitingBytes = bytesIn(this.#directory);
    return this.#waitingBytes < this.#maxBytes;
  }
}

function openNew(path: string): number | 'taken' {
  try {
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true, mode: 0o700 });
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
