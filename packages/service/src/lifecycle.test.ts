import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lifecycle, type LifecyclePart } from './lifecycle.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function part(name: string, log: string[], behaviour: Partial<LifecyclePart> = {}): LifecyclePart {
  return {
    name,
    start: () => Promise.resolve(void log.push(`start ${name}`)),
    stop: () => Promise.resolve(void log.push(`stop ${name}`)),
    ...behaviour,
  };
}

function never(): Promise<void> {
  return new Promise(() => undefined);
}

describe('Lifecycle', () => {
  it('starts in order, stops in reverse, each once', async () => {
    const log: string[] = [];
    const lifecycle = new Lifecycle([part('a', log), part('b', log)]);
    await Promise.all([lifecycle.start(), lifecycle.start()]);
    expect(lifecycle.state).toBe('running');
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(lifecycle.state).toBe('stopped');
    expect(log).toEqual(['start a', 'start b', 'stop b', 'stop a']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('cannot be started after a stop', async () => {
    const lifecycle = new Lifecycle([]);
    await lifecycle.stop();
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'LIFECYCLE_STOPPED' });
  });

  it('stops what was started when a later part fails to start', async () => {
    const log: string[] = [];
    const cause = new TypeError('no');
    const lifecycle = new Lifecycle([part('a', log), part('b', log, { start: () => Promise.reject(cause) })]);
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'LIFECYCLE_START_FAILED', cause });
    expect(log).toEqual(['start a', 'stop a']);
    expect(lifecycle.state).toBe('stopped');
  });

  it('aborts a start that is under way when it is stopped', async () => {
    const log: string[] = [];
    const waits: LifecyclePart['start'] = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new TypeError('aborted'));
        });
      });
    const lifecycle = new Lifecycle([part('a', log), part('b', log, { start: waits })]);
    const started = expect(lifecycle.start()).rejects.toMatchObject({ code: 'LIFECYCLE_START_FAILED' });
    await vi.advanceTimersByTimeAsync(1);
    await lifecycle.stop();
    await started;
    expect(log).toEqual(['start a', 'stop a']);
  });

  it('stops the others when one fails to stop', async () => {
    const log: string[] = [];
    const fails = part('b', log, { stop: () => Promise.reject(new TypeError('no')) });
    const lifecycle = new Lifecycle([part('a', log), fails]);
    await lifecycle.start();
    await expect(lifecycle.stop()).rejects.toMatchObject({
      code: 'LIFECYCLE_STOP_FAILED',
      message: 'ServiceError: b: TypeError: no',
    });
    expect(log).toContain('stop a');
  });

  it('gives up after the timeout and still tells the rest to stop', async () => {
    const log: string[] = [];
    let signalOfB: AbortSignal | undefined;
    const hangs = part('b', log, { stop: ({ signal }) => ((signalOfB = signal), never()) });
    const lifecycle = new Lifecycle([part('a', log), hangs], { stopTimeoutMs: 50 });
    await lifecycle.start();
    const stopped = expect(lifecycle.stop()).rejects.toMatchObject({ code: 'LIFECYCLE_STOP_TIMEOUT' });
    await vi.advanceTimersByTimeAsync(50);
    await stopped;
    expect(signalOfB?.aborted).toBe(true);
    expect(log).toContain('stop a');
  });

  it('stops a part that finishes its start after the stop gave up', async () => {
    const log: string[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const lifecycle = new Lifecycle([part('a', log, { start: () => promise })], { stopTimeoutMs: 50 });
    const started = expect(lifecycle.start()).rejects.toMatchObject({ code: 'LIFECYCLE_START_FAILED' });
    const stopped = lifecycle.stop();
    await vi.advanceTimersByTimeAsync(50);
    await stopped;
    resolve(undefined);
    await started;
    expect(log).toEqual(['stop a']);
  });
});
