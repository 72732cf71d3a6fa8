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
