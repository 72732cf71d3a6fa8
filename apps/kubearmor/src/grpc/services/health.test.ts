import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, connectStock, serve } from '../testing/served.js';
import { accepted, take } from '../testing/stock-client.js';

afterEach(cleanUp);

describe('grpc.health.v1', () => {
  it('answers on a port of its own', async () => {
    const { server } = await serve();
    const client = connectStock(`127.0.0.1:${server.ports.health ?? 0}`);
    for (const service of ['', 'feeder.LogService', 'policy.PolicyService', 'policy.ProbeService']) {
      expect(await client.call('grpc.health.v1.Health', 'Check', { service })).toMatchObject({
        status: 'SERVING',
      });
    }
    await expect(client.call('grpc.health.v1.Health', 'Check', { service: 'x' })).rejects.toMatchObject({
      code: grpc.status.NOT_FOUND,
    });
    await expect(client.call('feeder.LogService', 'HealthCheck', { nonce: 1 })).rejects.toMatchObject({
      code: grpc.status.UNIMPLEMENTED,
    });
  });

  it('tells who watches that it stops', async () => {
    const { server, unix } = await serve();
    const stream = connectStock(unix).watch('grpc.health.v1.Health', 'Watch', { service: '' });
    const both = take(stream, 2);
    await accepted(stream);
    await server.stop();
    expect(await both).toMatchObject([{ status: 'SERVING' }, { status: 'NOT_SERVING' }]);
  });
});
