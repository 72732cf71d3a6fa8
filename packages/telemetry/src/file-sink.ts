import { open, stat, type FileHandle } from 'node:fs/promises';
import type { LineSink } from './line-sink.js';
import { LineBuffer } from './line-buffer.js';
import type { Lines } from './lines.js';
import { SinkCounters, type SinkCountersDependencies } from './sink-counters.js';

/** How a {@link FileSink} writes. */
export interface FileSinkOptions {
  readonly path: string;
  /** What the lines are. By default `alerts`. */
  readonly stream?: 'alerts' | 'logs';
  /** The mode of a file that is created. By default 0640. */
  readonly mode?: number;
  /** How many bytes may wait to be written. By default 8 MiB. */
  readonly maxPendingBytes?: number;
  /** The sink's name in the counters. By default `file`. */
  readonly name?: string;
}

/** How long a rotation may go unnoticed, in milliseconds. */
const LOOK_MS = 20;

interface OpenFile {
  readonly handle: FileHandle;
  readonly dev: number;
  readonly ino: number;
}

/**
 * Appends lines to a file, one batch at a time, and follows it when it is rotated. Several may write to one file: each
 * write is whole lines.
 */
export class FileSink implements LineSink {
  readonly #options: FileSinkOptions;
  readonly #maxPendingBytes: number;
  readonly #counters: SinkCounters;
  #pending = new LineBuffer();
  /** What is being written, otherwise empty. */
  #writing = new LineBuffer();
  #file: OpenFile | undefined;
  #lookedAtMs = -LOOK_MS;
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: SinkCountersDependencies, options: FileSinkOptions) {
    this.#options = options;
    this.#maxPendingBytes = options.maxPendingBytes ?? 8 * 1024 * 1024;
    this.#counters = new SinkCounters(deps, {
      sink: options.name ?? 'file',
      stream: options.stream ?? 'alerts',
    });
  }

  write(lines: Lines): void {
    if (this.#isClosed) {
      this.#counters.drop('closed', lines);
      return;
    }
    if (this.#pending.length + lines.bytes.length > this.#maxPendingBytes) {
      this.#counters.drop('full', lines);
      return;
    }
    this.#pending.add(lines);
    this.#draining ??= this.#drain();
  }

  async flush(): Promise<void> {
    await this.#draining;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    await this.#letGo();
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      const file = await this.#current().catch(() => undefined);
      const batch = this.#pending;
      [this.#pending, this.#writing] = [this.#writing, batch];
      if (await this.#append(file, batch)) this.#counters.write(batch);
      else this.#counters.drop('failed', batch);
      batch.clear();
    }
    this.#draining = undefined;
  }

  async #append(file: OpenFile | undefined, { bytes }: Lines): Promise<boolean> {
    if (file === undefined) return false;
    try {
      await file.handle.appendFile(bytes);
      return true;
    } catch {
      await this.#letGo();
      return false;
    }
  }

  /** The file that the path names now: log rotation renames or removes the one that is open. */
  async #current(): Promise<OpenFile> {
    const nowMs = performance.now();
    if (this.#file !== undefined && nowMs - this.#lookedAtMs < LOOK_MS) return this.#file;
    this.#lookedAtMs = nowMs;
    const named = await stat(this.#options.path).catch(() => undefined);
    if (this.#file !== undefined && named?.ino === this.#file.ino && named.dev === this.#file.dev)
      return this.#file;
    await this.#letGo();
    const handle = await open(this.#options.path, 'a', this.#options.mode ?? 0o640);
    const { dev, ino } = await handle.stat();
    this.#file = { handle, dev, ino };
    return this.#file;
  }

  async #letGo(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close().catch(() => undefined);
  }
}
