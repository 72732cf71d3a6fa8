import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DirectoryChange } from '../observe/directory-change.js';
import type { GuardAlert } from '../guard-alert.js';
import { parseSegmentName, parseSpareName, type JournalSegment } from './journal-segment.js';
import { alertSchema } from '../keeper/keeper-messages.js';
import { isRunning } from '../process-identity.js';

/** How a {@link JournalReader} reads. */
export interface JournalReaderOptions {
  readonly directory: string;
  /** How much is read at once, in bytes; more where a single line is longer. By default 256 KiB. */
  readonly chunkBytes?: number;
}

interface Source extends JournalSegment {
  readonly name: string;
  readonly fd: number;
  offset: number;
  /** How far what was read has been dealt with. */
  dealtWith: number;
  /** Whether its writer had ended when that was last asked. */
  hasEnded: boolean;
  askedAtMs: number;
}

/** How long a change that nobody told of stays unseen, in milliseconds. */
const LOOK_MS = 500;
/** Alerts that come within this time are read together, in milliseconds. */
const GATHER_MS = 4;
/** Alerts that are there so many times in a row keep coming. */
const MANY = 5;
/** How often a writer is asked for, in milliseconds. */
const ASK_MS = 200;
/** How often is written down what was taken, while there is more, in milliseconds: so much a death tells twice. */
const SETTLE_MS = 50;
const LINE_FEED = 0x0a;
const TAKEN = 'taken';

const takenSchema = z.record(z.string(), z.number());

/**
 * Reads the alert journal, whoever wrote it and whether or not the writer lives. How far it has come is written down
 * when the next batch is asked for: what was read and not dealt with is read again by the next reader.
 */
export class JournalReader {
  readonly #directory: string;
  #buffer: Buffer;
  readonly #sources = new Map<string, Source>();
  readonly #taken: Record<string, number>;
  #malformed = 0;
  #settledAtMs = 0;
  #isSettled = true;

  constructor(options: JournalReaderOptions) {
    this.#directory = options.directory;
    this.#buffer = Buffer.alloc(options.chunkBytes ?? 256 * 1024);
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.#taken = readTaken(`${this.#directory}/${TAKEN}`);
  }

  /** How many lines were no alert. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Everything that was put aside, then what comes, in batches, until the signal. */
  async *batches(signal: AbortSignal): AsyncGenerator<readonly GuardAlert[], void, undefined> {
    const change = new DirectoryChange(this.#directory, LOOK_MS, signal);
    try {
      let inARow = 0;
      while (!signal.aborted) {
        inARow = (yield* this.#pass(signal)) ? inARow + 1 : 0;
        // While alerts keep coming they gather, and nobody has to be woken up for each.
        if (inARow > MANY) change.close();
        if (inARow === 0) {
          change.watch();
          if (!(yield* this.#pass(signal))) await change.next();
        }
        await sleep(GATHER_MS);
      }
    } finally {
      change.close();
      this.#settle();
      for (const { fd } of this.#sources.values()) closeSync(fd);
      this.#sources.clear();
    }
  }

  /** Whether there was anything. */
  *#pass(signal: AbortSignal): Generator<readonly GuardAlert[], boolean> {
    let hasRead = false;
    for (const batch of this.#readAll()) {
      hasRead = true;
      yield batch;
      this.#dealWith();
      if (performance.now() - this.#settledAtMs > SETTLE_MS) this.#settle();
      if (signal.aborted) break;
    }
    if (!hasRead) this.#settle();
    return hasRead;
  }

  *#readAll(): Generator<readonly GuardAlert[]> {
    this.#findSegments();
    const sources = [...this.#sources.values()];
    for (const [index, source] of sources.entries()) {
      // Asked before the reading: what a writer adds until its end is then seen.
      const isOver =
        sources.slice(index + 1).some((later) => isSameWriter(later, source)) || hasEnded(source);
      for (let batch = this.#read(source, isOver); batch !== undefined; batch = this.#read(source, isOver))
        yield batch;
      if (isOver) this.#remove(source);
    }
  }

  #findSegments(): void {
    for (const name of readdirSync(this.#directory).sort()) {
      if (this.#sources.has(name)) continue;
      const segment = parseSegmentName(name);
      const owner = segment === undefined ? parseSpareName(name) : undefined;
      if (owner !== undefined && !isRunning(owner)) rmSync(`${this.#directory}/${name}`, { force: true });
      if (segment === undefined) continue;
      const fd = openSync(`${this.#directory}/${name}`, 'r');
      const offset = this.#taken[name] ?? 0;
      this.#sources.set(name, {
        ...segment,
        name,
        fd,
        offset,
        dealtWith: offset,
        hasEnded: false,
        askedAtMs: -ASK_MS,
      });
    }
  }

  // Whole lines only: the rest of a line is still being written, or its writer died over it.
  #read(source: Source, isOver: boolean): readonly GuardAlert[] | undefined {
    const length = this.#readChunk(source);
    const end = this.#buffer.subarray(0, length).lastIndexOf(LINE_FEED);
    if (end < 0) {
      if (length === this.#buffer.length) {
        this.#buffer = Buffer.alloc(2 * length);
        return this.#read(source, isOver);
      }
      if (isOver) source.offset += length;
      return undefined;
    }
    source.offset += end + 1;
    return this.#buffer
      .toString('utf8', 0, end)
      .split('\n')
      .flatMap((line) => this.#parse(line));
  }

  #readChunk({ fd, offset }: Source): number {
    return readSync(fd, this.#buffer, 0, this.#buffer.length, offset);
  }

  #parse(line: string): GuardAlert[] {
    try {
      return [alertSchema.parse(JSON.parse(line))];
    } catch {
      this.#malformed++;
      return [];
    }
  }

  #remove(source: Source): void {
    this.#sources.delete(source.name);
    closeSync(source.fd);
    rmSync(`${this.#directory}/${source.name}`, { force: true });
  }

  #dealWith(): void {
    this.#isSettled = false;
    for (const source of this.#sources.values()) source.dealtWith = source.offset;
  }

  #settle(): void {
    this.#settledAtMs = performance.now();
    if (this.#isSettled) return;
    this.#isSettled = true;
    const taken = Object.fromEntries(
      [...this.#sources.values()].map(({ name, dealtWith }) => [name, dealtWith]),
    );
    const path = `${this.#directory}/${TAKEN}`;
    writeFileSync(`${path}.new`, JSON.stringify(taken), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

function hasEnded(source: Source): boolean {
  const nowMs = performance.now();
  if (source.hasEnded || nowMs - source.askedAtMs < ASK_MS) return source.hasEnded;
  source.askedAtMs = nowMs;
  source.hasEnded = !isRunning(source.writer);
  return source.hasEnded;
}

function isSameWriter(one: JournalSegment, other: JournalSegment): boolean {
  const { pid, startTime, thread } = one.writer;
  return pid === other.writer.pid && startTime === other.writer.startTime && thread === other.writer.thread;
}

function readTaken(path: string): Record<string, number> {
  try {
    return takenSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
