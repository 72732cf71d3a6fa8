import { ServiceError } from './errors.js';

/** Something that runs between a start and a stop. */
export interface LifecyclePart {
  /** What it is called in error messages. */
  readonly name: string;
  /** Resolves when the part works; the signal is aborted when the whole is stopped meanwhile. */
  start(context: { readonly signal: AbortSignal }): Promise<void>;
  /** Drains and closes the part; the signal is aborted when the time for it is over. */
  stop(context: { readonly signal: AbortSignal }): Promise<void>;
}

/** How a {@link Lifecycle} behaves. */
export interface LifecycleOptions {
  /** How long all parts together may take to stop, in milliseconds. By default 10,000. */
  readonly stopTimeoutMs?: number;
}

/** Where a {@link Lifecycle} is. */
export type LifecycleState = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped';

interface Deadline {
  readonly signal: AbortSignal;
  readonly expired: Promise<'late'>;
  cancel(): void;
}

/** Starts parts in order and stops them in the reverse order, each once. */
export class Lifecycle {
  readonly #parts: readonly LifecyclePart[];
  readonly #stopTimeoutMs: number;
  readonly #startAbort = new AbortController();
  readonly #started: LifecyclePart[] = [];
  #state: LifecycleState = 'idle';
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: readonly LifecyclePart[], options: LifecycleOptions = {}) {
    this.#parts = parts;
    this.#stopTimeoutMs = options.stopTimeoutMs ?? 10_000;
  }

  /** Where it is now. */
  get state(): LifecycleState {
    return this.#state;
  }

  /** Starts every part in order; later calls give the same promise. */
  start(): Promise<void> {
    this.#starting ??= this.#startAll();
    return this.#starting;
  }

  /** Stops what was started, last first; later calls give the same promise. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #startAll(): Promise<void> {
    if (this.#state !== 'idle')
      throw new ServiceError('LIFECYCLE_STOPPED', 'start: expected a lifecycle that was not stopped');
    this.#state = 'starting';
    const { signal } = this.#startAbort;
    for (const part of this.#parts) {
      try {
        signal.throwIfAborted();
        await part.start({ signal });
        this.#started.push(part);
        // Whoever stopped us meanwhile may have given up waiting: what has just started is ours to stop.
        signal.throwIfAborted();
      } catch (cause) {
        throw await this.#unwind(part, cause);
      }
    }
    this.#state = 'running';
  }

  async #unwind(part: LifecyclePart, cause: unknown): Promise<ServiceError> {
    const causes = [cause];
    const deadline = this.#deadline();
    await this.#stopStarted(deadline).catch((error: unknown) => causes.push(error));
    deadline.cancel();
    this.#state = 'stopped';
    const options = { cause: causes.length === 1 ? cause : new AggregateError(causes) };
    return new ServiceError('LIFECYCLE_START_FAILED', `${part.name}: could not be started`, options);
  }

  async #stopAll(): Promise<void> {
    this.#state = 'stopping';
    const deadline = this.#deadline();
    this.#startAbort.abort();
    try {
      await Promise.race([Promise.allSettled([this.#starting]), deadline.expired]);
      await this.#stopStarted(deadline);
    } finally {
      deadline.cancel();
      this.#state = 'stopped';
    }
  }

  async #stopStarted(deadline: Deadline): Promise<void> {
    const late: string[] = [];
    const failures: unknown[] = [];
    for (let part = this.#started.pop(); part !== undefined; part = this.#started.pop()) {
      // After the deadline the rest are still told to stop, only not waited for.
      const outcome = await Promise.race([stopOf(part, deadline.signal), deadline.expired]);
      if (outcome === 'late') late.push(part.name);
      else if (outcome !== undefined) failures.push(outcome);
    }
    const cause = new AggregateError(failures);
    if (late.length > 0) {
      const message = `expected every part to stop within ${this.#stopTimeoutMs} ms, still running: ${late.join(', ')}`;
      throw new ServiceError('LIFECYCLE_STOP_TIMEOUT', message, { cause });
    }
    if (failures.length > 0)
      throw new ServiceError('LIFECYCLE_STOP_FAILED', failures.map(String).join('; '), { cause });
  }

  #deadline(): Deadline {
    const abort = new AbortController();
    const { promise, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => {
      abort.abort();
      resolve('late');
    }, this.#stopTimeoutMs);
    return {
      signal: abort.signal,
      expired: promise,
      cancel: () => {
        clearTimeout(timer);
      },
    };
  }
}

async function stopOf(part: LifecyclePart, signal: AbortSignal): Promise<ServiceError | undefined> {
  try {
    await part.stop({ signal });
    return undefined;
  } catch (cause) {
    return new ServiceError('LIFECYCLE_STOP_FAILED', `${part.name}: ${String(cause)}`, { cause });
  }
}
