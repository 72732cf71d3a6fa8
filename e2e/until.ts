import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from './patience.ts';

/** How long and how often {@link until} looks. */
export interface UntilOptions {
  /** In milliseconds, on a machine of its own. */
  readonly timeoutMs: number;
  /** By default 10 milliseconds. */
  readonly everyMs?: number;
}

/** Looks again and again until there is something, and gives undefined when the time is up. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  { timeoutMs, everyMs = 10 }: UntilOptions,
): Promise<T | undefined> {
  const deadlineMs = performance.now() + timeoutMs * patience;
  for (;;) {
    const found = await look();
    if (found !== undefined || performance.now() > deadlineMs) return found;
    await sleep(everyMs);
  }
}
