import { statSync } from 'node:fs';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { alert, cleanUp, connectStock, log, serve, tcpOf } from '../testing/served.js';
import { accepted, statusOf, take } from '../testing/stock-client.js';

afterEach(cleanUp);

describe('LogService', () => {
  it('echoes the nonce on the unix socket and on TCP', async () => {
    const fixture = await serve();
    for (const address of [fixture.unix, tcpOf(fixture)]) {
      const client = connectStock(address);
      expect(await client.call('feeder.LogService', 'HealthCheck', { nonce: 7 })).toEqual({ Retval: 7 });
    }
    expect(statSync(join(fixture.directory, 's')).mode & 0o777).toBe(0o600);
  });

  for (const filter of ['all', 'policy']) {
    it(`sends alerts to who asks for ${filter}`, async () => {
      const fixture = await serve();
      const stream = connectStock(fixture.unix).watch('feeder.LogService', 'WatchAlerts', {
        Filter: filter,
      });
      await accepted(stream);
      fixture.feeds.alerts.write(alert);
      const [received] = await take(stream, 1);
      expect(received).toMatchObject({ ...alert });
    });
  }

  for (const filter of ['all', 'system']) {
    it(`sends logs to who asks for ${filter}`, async () => {
      const fixture = await serve();
      const stream = connectStock(tcpOf(fixture)).watch('feeder.LogService', 'WatchLogs', {
        Filter: filter,
      });
      await accepted(stream);
      fixture.feeds.logs.write([log, { ...log, Resource: '/2' }]);
      const [first, second] = await take(stream, 2);
      expect(first).toMatchObject({ PodName: 'web-0', PID: 42, Resource: '/etc/passwd', Operation: 'File' });
      expect(second).toMatchObject({ Resource: '/2', UpdatedTime: '2026-05-25T04:14:59.566130Z' });
    });
  }

  for (const [method, filter] of [
    ['WatchAlerts', 'system'],
    ['WatchAlerts', ''],
    ['WatchLogs', 'policy'],
  ] as const) {
    it(`ends ${method} for the filter "${filter}" without an error`, async () => {
      const fixture = await serve();
      const stream = connectStock(fixture.unix).watch('feeder.LogService', method, { Filter: filter });
      expect(await statusOf(stream)).toMatchObject({ code: grpc.status.OK });
    });
  }

  it('sends nothing that was before the client came, and the same to all', async () => {
    const fixture = await serve();
    fixture.feeds.alerts.write({ ...alert, PolicyName: 'before' });
    const streams = [1, 2].map(() =>
      connectStock(fixture.unix).watch('feeder.LogService', 'WatchAlerts', { Filter: 'all' }),
    );
    await Promise.all(streams.map(accepted));
    fixture.feeds.alerts.write(alert);
    for (const [received] of await Promise.all(streams.map((stream) => take(stream, 1)))) {
      expect(received).toMatchObject({ PolicyName: 'p' });
    }
  });

  it('drops for a client that does not read, counts it, tells it, and keeps its alerts', async () => {
    const fixture = await serve();
    const client = connectStock(fixture.unix);
    const logs = client.watch('feeder.LogService', 'WatchLogs', { Filter: 'all' });
    const alerts = client.watch('feeder.LogService', 'WatchAlerts', { Filter: 'all' });
    const messages = client.watch('feeder.LogService', 'WatchMessages', {});
    await Promise.all([logs, alerts, messages].map(accepted));
    const told = take(messages, 1);
    const alerted = take(alerts, 100);
    for (let index = 0; index < 100; index++) {
      fixture.feeds.alerts.write(alert);
      fixture.feeds.logs.write(Array.from({ length: 1000 }, () => log));
    }
    await alerted;
    const [message] = await told;
    expect(message).toMatchObject({ Type: 'Message', Level: 'WARN', HostName: 'node-1' });
    expect(Object(message)).toHaveProperty('Message');
    expect(JSON.stringify(message)).toMatch(/"dropped \d+ logs for client pid:\d+: slow-client"/);
    const counted = new Map(
      fixture.counters
        .snapshot()
        .map(({ name, labels, value }) => [`${name} ${Object.values(labels).join(' ')}`, value]),
    );
    const state = fixture.server.clients.find(({ feed }) => feed === 'logs');
    expect(counted.get('stream_dropped logs slow-client')).toBe(state?.dropped);
    expect(counted.has('stream_dropped alerts slow-client')).toBe(false);
    const rest = take(logs, 100_000 - (state?.dropped ?? 0));
    expect(await rest).toHaveLength(100_000 - (state?.dropped ?? 0));
  });

  it('tells its clients to come again when it stops', async () => {
    const fixture = await serve();
    const stream = connectStock(fixture.unix).watch('feeder.LogService', 'WatchAlerts', { Filter: 'all' });
    await accepted(stream);
    const status = statusOf(stream);
    await fixture.server.stop();
    expect(await status).toMatchObject({ code: grpc.status.UNAVAILABLE, details: 'the agent stops' });
    expect(fixture.server.clients).toEqual([]);
  });
});
