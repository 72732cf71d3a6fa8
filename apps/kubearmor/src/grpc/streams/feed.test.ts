import { setImmediate } from 'node:timers/promises';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, connectStock, log, serve, tcpOf, type Served } from '../testing/served.js';
import { accepted, statusOf, take } from '../testing/stock-client.js';

afterEach(cleanUp);

const BATCH = 1000;

function counted({ counters }: Served): Record<string, number> {
  return Object.fromEntries(
    counters
      .snapshot()
      .map(({ name, labels, value }) => [`${name} ${Object.values(labels).join(' ')}`, value]),
  );
}

/** What a log looks like to a client. */
async function firstOf(
  served: Served,
  streams: readonly grpc.ClientReadableStream<unknown>[],
): Promise<unknown> {
  const all = Promise.all(streams.map((stream) => take(stream, 1)));
  served.feeds.logs.write([log]);
  const [[message] = []] = await all;
  return message;
}

function bySequence(a: string, b: string): number {
  const sequence = (text: string): number => Number(/"\/(\d+)\.+"/.exec(text)?.[1]);
  return sequence(a) - sequence(b);
}

describe('Feed', () => {
  it('is watched while a client is there', async () => {
    const served = await serve();
    expect(served.feeds.logs.isWatched).toBe(false);
    served.feeds.logs.write([log]);
    const client = connectStock(served.unix);
    const stream = client.watch('feeder.LogService', 'WatchLogs', { Filter: 'all' });
    await accepted(stream);
    expect(served.feeds.logs.isWatched).toBe(true);
    const gone = statusOf(stream);
    stream.cancel();
    await gone;
    await expect.poll(() => served.feeds.logs.isWatched).toBe(false);
    expect(counted(served)['stream_sent logs']).toBe(0);
  });

  it('accounts for every message of a client that leaves in the middle', async () => {
    const served = await serve();
    const stream = connectStock(served.unix).watch('feeder.LogService', 'WatchLogs', { Filter: 'all' });
    await accepted(stream);
    for (let index = 0; index < 3; index++) served.feeds.logs.write(Array.from({ length: BATCH }, () => log));
    await take(stream, 1);
    stream.cancel();
    await expect.poll(() => served.server.clients).toEqual([]);
    const { 'stream_sent logs': sent = 0, ...dropped } = counted(served);
    const lost = Object.entries(dropped)
      .filter(([name]) => name.startsWith('stream_dropped logs'))
      .reduce((sum, [, value]) => sum + value, 0);
    expect(sent + lost).toBe(3 * BATCH);
  });

  it('sends each message as it was, however often the memory is used again', async () => {
    const served = await serve();
    const streams = [served.unix, tcpOf(served)].map((address) =>
      connectStock(address).watch('feeder.LogService', 'WatchLogs', { Filter: 'all' }),
    );
    await Promise.all(streams.map(accepted));
    const seen = streams.map((): string[] => []);
    for (const [index, stream] of streams.entries()) {
      stream.on('data', (message: unknown) => {
        seen[index]?.push(JSON.stringify(message));
      });
    }
    let written = 0;
    const expected = new Set<string>();
    const first = JSON.stringify((await firstOf(served, streams)) ?? '');
    for (let turn = 0; turn < 200; turn++) {
      const events = Array.from({ length: 100 }, () => ({
        ...log,
        Resource: `/${++written}`.padEnd(100, '.'),
      }));
      for (const { Resource } of events) expected.add(first.replace(log.Resource, Resource));
      served.feeds.logs.write(events);
      await setImmediate();
    }
    const lost = (): number => counted(served)['stream_dropped logs slow-client'] ?? 0;
    await expect.poll(() => seen.flat().length + lost(), { timeout: 20_000 }).toBe(2 * (written + 1));
    for (const messages of seen) {
      expect(messages.slice(1).every((message) => expected.has(message))).toBe(true);
      expect(messages.slice(1)).toEqual(messages.slice(1).sort(bySequence));
    }
  });

  it('drops alone what no client would accept', async () => {
    const served = await serve();
    const stream = connectStock(served.unix).watch('feeder.LogService', 'WatchLogs', { Filter: 'all' });
    await accepted(stream);
    served.feeds.logs.write([{ ...log, Resource: 'x'.repeat(5 * 1024 * 1024) }, log]);
    const [received] = await take(stream, 1);
    expect(received).toMatchObject({ Resource: log.Resource });
    expect(counted(served)['stream_dropped logs oversize']).toBe(1);
  });

  it('refuses strangers beyond what it holds for them, and nobody else', async () => {
    const served = await serve({}, { maxStrangers: 2 });
    const client = connectStock(tcpOf(served));
    const open = (): grpc.ClientReadableStream<unknown> =>
      client.watch('feeder.LogService', 'WatchAlerts', { Filter: 'all' });
    const streams = [open(), open()];
    await Promise.all(streams.map(accepted));
    expect(await statusOf(open())).toMatchObject({ code: grpc.status.RESOURCE_EXHAUSTED });
    await accepted(connectStock(served.unix).watch('feeder.LogService', 'WatchAlerts', { Filter: 'all' }));
    streams[0]?.cancel();
    await expect.poll(() => served.server.clients.length).toBe(2);
    await accepted(open());
  });
});
