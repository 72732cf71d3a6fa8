import { open, stat, type FileHandle } from 'node:fs/promises';
import type { Counters } from '@kubearmor/service';
import type { Alert } from './alert.js';
import type { AlertFormat, AlertSink } from './sink.js';
import { sinkCounters, type SinkCounters } from './sink-counters.js';

/** How a {@link FileSink} writes. */
export interface FileSinkOptions {
  readonly path: string;
  readonly format: AlertFormat;
  /** The mode of a file that is created. By default 0640. */
  readonly mode?: number;
  /** How many bytes may wait to be written. By default 8 MiB. */
  readonly maxPendingBytes?: number;
  /** The sink's name in the counters. By default `file`. */
  readonly name?: string;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly dev: number;
  readonly ino: number;
}

/** Appends alerts to a file, one batch at a time, and follows it when it is rotated. */
export class FileSink implements AlertSink {
  readonly #options: FileSinkOptions;
  readonly #maxPendingBytes: number;
  readonly #counters: SinkCounters;
  #pending: string[] = [];
  #pendingBytes = 0;
  #file: OpenFile | undefined;
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: { readonly counters: Counters }, options: FileSinkOptions) {
    this.#options = options;
    this.#maxPendingBytes = options.maxPendingBytes ?? 8 * 1024 * 1024;
    this.#counters = sinkCounters(deps.counters, options.name ?? 'file');
  }

  write(alert: Alert): void {
    if (this.#isClosed) {
      this.#counters.droppedClosed.add();
      return;
    }
    const line = `${this.#options.format(alert)}\n`;
    const bytes = Buffer.byteLength(line);
    if (this.#pendingBytes + bytes > this.#maxPendingBytes) {
      this.#counters.droppedFull.add();
      return;
    }
    this.#pending.push(line);
    this.#pendingBytes += bytes;
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
      this.#pending = [];
      this.#pendingBytes = 0;
      if (await this.#append(file, batch)) this.#counters.written.add(batch.length);
      else this.#counters.droppedFailed.add(batch.length);
    }
    this.#draining = undefined;
  }

  async #append(file: OpenFile | undefined, batch: readonly string[]): Promise<boolean> {
    if (file === undefined) return false;
    try {
      await file.handle.appendFile(batch.join(''));
      return true;
    } catch {
      await this.#letGo();
      return false;
    }
  }

  /** The file that the path names now: log rotation renames or removes the one that is open. */
  async #current(): Promise<OpenFile> {
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
