import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { identitySchema, type ProcessIdentity } from './process-identity.js';

/** Which processes are the guard. */
export interface GuardProcesses {
  readonly keeper: ProcessIdentity;
  /** Those that answer: one, and two while one takes over from another. */
  readonly answerers: readonly ProcessIdentity[];
  /** Those that hold the fanotify group as well, and would let what waits there wait for ever. */
  readonly idle: readonly ProcessIdentity[];
}

const schema: z.ZodType<GuardProcesses> = z.object({
  keeper: identitySchema,
  answerers: z.array(identitySchema),
  idle: z.array(identitySchema),
});

/** The file that tells the next keeper, and a release, who the guard is. Only root can write it: what it names is trusted. */
export class GuardState {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** What the last keeper wrote; undefined when there was none, or it was released. */
  read(): GuardProcesses | undefined {
    try {
      return schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Replaces the file. It need not survive the machine, so nothing waits for a disk. */
  write(processes: GuardProcesses, answeredAtMs: number): void {
    const temporary = `${this.#path}.new`;
    writeFileSync(temporary, JSON.stringify(processes), { mode: 0o600 });
    utimesSync(temporary, answeredAtMs / 1000, answeredAtMs / 1000);
    renameSync(temporary, this.#path);
  }

  /** Says that somebody answers at this moment. */
  touch(nowMs: number): void {
    try {
      utimesSync(this.#path, nowMs / 1000, nowMs / 1000);
    } catch {
      // Released a moment ago.
    }
  }

  /** When somebody answered last, as the file says; undefined without a file. */
  get answeredAtMs(): number | undefined {
    return statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs;
  }

  remove(): void {
    rmSync(this.#path, { force: true });
    rmSync(`${this.#path}.new`, { force: true });
  }
}
