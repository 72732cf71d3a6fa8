import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, connectStock, onCleanUp, serve } from '../testing/served.js';
import { GrpcListener } from './grpc-listener.js';

afterEach(cleanUp);

async function takenPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onCleanUp(() => other.close());
  const address = other.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('GrpcServer', () => {
  it('goes on without a port that is taken', async () => {
    const port = await takenPort();
    const { unix, server } = await serve({ tcp: { host: '127.0.0.1', port }, healthPort: port });
    expect(server.ports).toEqual({ tcp: undefined, health: undefined });
    expect(await connectStock(unix).call('feeder.LogService', 'HealthCheck', { nonce: 1 })).toEqual({
      Retval: 1,
    });
  });

  it('can be stopped twice', async () => {
    const { server } = await serve();
    await server.stop();
    await server.stop();
  });
});

describe('GrpcListener', () => {
  it('says which address it could not have', async () => {
    const port = await takenPort();
    const deps = { feeds: undefined, routes: () => undefined };
    const listener = new GrpcListener(deps, { kind: 'tcp', host: '127.0.0.1', port });
    await expect(listener.open()).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
    await listener.close();
  });
});
