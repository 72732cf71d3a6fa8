import { existsSync, readFileSync } from 'node:fs';
import { writeFileAtomic, type Logger } from '@kubearmor/service';
import { z } from 'zod';
import { AgentError } from '../errors.js';

/** A change of a policy that is taken back unless it is confirmed in time. */
export interface Unconfirmed {
  /** The policy's key. */
  readonly key: string;
  /** The file that holds it. */
  readonly path: string;
  /** What that file was before; undefined where there was none. */
  readonly before?: string | undefined;
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
}

const unconfirmedSchema: z.ZodType<Unconfirmed> = z.object({
  key: z.string(),
  path: z.string(),
  before: z.string().optional(),
  deadlineMs: z.number(),
});

/** What {@link Confirmations} need. */
export interface ConfirmationsDependencies {
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** The changes that wait for being confirmed, written to a file so that an agent's end does not make them last. */
export class Confirmations {
  readonly #file: string;
  readonly #deps: ConfirmationsDependencies;
  readonly #pending = new Map<string, Unconfirmed>();
  #onOverdue: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, deps: ConfirmationsDependencies) {
    this.#file = file;
    this.#deps = deps;
    for (const change of readPending(file, deps.logger)) this.#pending.set(change.key, change);
  }

  /** Those that wait, the next one to be taken back first. */
  all(): readonly Unconfirmed[] {
    return [...this.#pending.values()].sort((one, other) => one.deadlineMs - other.deadlineMs);
  }

  /** Those whose time is up. */
  overdue(): readonly Unconfirmed[] {
    return this.all().filter(({ deadlineMs }) => deadlineMs <= this.#deps.nowMs());
  }

  /** The change of a policy that waits. */
  find(key: string): Unconfirmed | undefined {
    return this.#pending.get(key);
  }

  /** Waits for a change to be confirmed; of a policy that waits already, what was before its first change counts. */
  async add(change: Omit<Unconfirmed, 'deadlineMs'>, withinMs: number): Promise<void> {
    const { before } = this.#pending.get(change.key) ?? change;
    await this.restore({ ...change, before, deadlineMs: this.#deps.nowMs() + withinMs });
  }

  /** Waits for a change as it is. */
  async restore(change: Unconfirmed): Promise<void> {
    this.#pending.set(change.key, change);
    await this.#keep();
  }

  /** Lets changes last: those of these keys, or all. Throws CONFIRMATION_UNKNOWN when a key waits for none. */
  async confirm(keys: readonly string[]): Promise<readonly string[]> {
    const waiting = [...this.#pending.keys()];
    const unknown = keys.find((key) => !waiting.includes(key));
    if (unknown !== undefined) {
      const found = waiting.length === 0 ? 'none' : waiting.join(', ');
      throw new AgentError(
        'CONFIRMATION_UNKNOWN',
        `${unknown}: expected a policy that waits for being confirmed, got one of ${found}`,
      );
    }
    const confirmed = keys.length === 0 ? waiting : keys;
    for (const key of confirmed) this.#pending.delete(key);
    await this.#keep();
    return confirmed;
  }

  /** Forgets a change, if it waits: it was taken back, or another one replaced it. */
  async forget(key: string): Promise<void> {
    if (this.#pending.delete(key)) await this.#keep();
  }

  /** Watches the time, and calls when that of one or more changes is up. */
  start(onOverdue: () => void): void {
    this.#onOverdue = onOverdue;
    this.#arm();
  }

  /** Stops watching; what waits goes on waiting. */
  stop(): void {
    this.#onOverdue = undefined;
    clearTimeout(this.#timer);
  }

  async #keep(): Promise<void> {
    await writeFileAtomic(this.#file, JSON.stringify(this.all()), { mode: 0o600 });
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [next] = this.all();
    if (next === undefined || this.#onOverdue === undefined) return;
    this.#timer = setTimeout(this.#onOverdue, Math.max(0, next.deadlineMs - this.#deps.nowMs()));
    this.#timer.unref();
  }
}

// A file that cannot be read must not keep an agent from starting; what was applied then stays, which must be said.
function readPending(file: string, logger: Logger): readonly Unconfirmed[] {
  if (!existsSync(file)) return [];
  try {
    return z.array(unconfirmedSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (thrown) {
    logger.error({ file, err: thrown }, 'policies that wait for being confirmed are not known, they stay');
    return [];
  }
}
