/** What an operation under {@link retry} is given. */
export interface RetryContext {
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Says that the operation works now (a connection stands): the next failure starts from the shortest delay again. */
  markWorking(): void;
}

/** What changed, told once per change and not once per try. */
export type RetryState = { readonly kind: 'failing'; readonly error: unknown } | { readonly kind: 'working' };

/** How {@link retry} behaves. */
export interface RetryOptions {
  /** Ends the retrying; its reason is thrown. */
  readonly signal: AbortSignal;
  /** The delay after the first failure, in milliseconds. By default 100. */
  readonly initialDelayMs?: number;
  /** The longest delay, in milliseconds. By default 30,000. */
  readonly maxDelayMs?: number;
  /** After how many tries the last error is thrown. By default never. */
  readonly maxAttempts?: number;
  /** A number of [0, 1) for the jitter. By default `Math.random`. */
  readonly random?: () => number;
  /** Told when the operation begins to fail and when it works again. By default nobody is. */
  readonly onStateChange?: (state: RetryState) => void;
}

/** Runs an operation until it succeeds, with exponential, jittered and capped delays between the tries. */
export async function retry<T>(
  operation: (context: RetryContext) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { signal, maxAttempts = Infinity, onStateChange } = options;
  let failures = 0;
  const markWorking = (): void => {
    if (failures > 0) onStateChange?.({ kind: 'working' });
    failures = 0;
  };
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const result = await operation({ signal, attempt, markWorking });
      markWorking();
      return result;
    } catch (error) {
      if (signal.aborted || attempt >= maxAttempts) throw error;
      failures += 1;
      if (failures === 1) onStateChange?.({ kind: 'failing', error });
      await pause(delayMs(failures, options), signal);
    }
  }
}

/** Half of the delay is certain, half is random: clients that failed together come back apart. */
function delayMs(failures: number, options: RetryOptions): number {
  const { initialDelayMs = 100, maxDelayMs = 30_000, random = Math.random } = options;
  const cappedMs = Math.min(maxDelayMs, initialDelayMs * 2 ** (failures - 1));
  return (cappedMs / 2) * (1 + random());
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const wake = (): void => {
    resolve(undefined);
  };
  const timer = setTimeout(wake, durationMs);
  signal.addEventListener('abort', wake);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', wake);
}
