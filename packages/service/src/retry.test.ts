import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { retry, type RetryContext, type RetryState } from './retry.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const signal = new AbortController().signal;
const random = (): number => 1;

/** Fails until the given attempt, and notes when each was made. */
function failing(until: number, times: number[]): (context: RetryContext) => Promise<number> {
  const startedAtMs = Date.now();
  return ({ attempt }) => {
    times.push(Date.now() - startedAtMs);
    return attempt < until ? Promise.reject(new TypeError(`try ${attempt}`)) : Promise.resolve(attempt);
  };
}

describe('retry', () => {
  it('doubles the delay up to the cap', async () => {
    const times: number[] = [];
    const result = retry(failing(5, times), { signal, random, initialDelayMs: 100, maxDelayMs: 300 });
    await vi.runAllTimersAsync();
    expect(await result).toBe(5);
    expect(times).toEqual([0, 100, 300, 600, 900]);
  });

  it('takes off up to half of a delay', async () => {
    const times: number[] = [];
    const result = retry(failing(2, times), { signal, random: () => 0, initialDelayMs: 100 });
    await vi.runAllTimersAsync();
    await result;
    expect(times).toEqual([0, 50]);
  });

  it('throws the last error after the last attempt', async () => {
    const result = expect(retry(failing(9, []), { signal, maxAttempts: 2 })).rejects.toThrow('try 2');
    await vi.runAllTimersAsync();
    await result;
  });

  it('ends at once when aborted during a delay', async () => {
    const abort = new AbortController();
    const result = expect(retry(failing(9, []), { signal: abort.signal })).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(10);
    abort.abort(new TypeError('enough'));
    await result;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells each change once and begins anew after the operation worked', async () => {
    const states: RetryState['kind'][] = [];
    const times: number[] = [];
    const fail = failing(5, times);
    const operation = (context: RetryContext): Promise<number> => {
      if (context.attempt === 3) context.markWorking();
      return fail(context);
    };
    const onStateChange = (state: RetryState): void => void states.push(state.kind);
    const result = retry(operation, { signal, random, initialDelayMs: 100, onStateChange });
    await vi.runAllTimersAsync();
    await result;
    expect(states).toEqual(['failing', 'working', 'failing', 'working']);
    expect(times).toEqual([0, 100, 300, 400, 600]);
  });
});
