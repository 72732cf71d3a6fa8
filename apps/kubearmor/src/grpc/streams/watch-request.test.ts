import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, onCleanUp, serve, tcpOf, type Served } from '../testing/served.js';

afterEach(cleanUp);

const INVALID_ARGUMENT = '3';
const RESOURCE_EXHAUSTED = '8';
const UNIMPLEMENTED = '12';

function open(served: Served): ClientHttp2Session {
  const session = connect(`http://${tcpOf(served)}`);
  onCleanUp(() => {
    session.destroy();
  });
  return session;
}

/** The status with which the server answers a request of these bytes. */
async function statusFor(served: Served, bytes: Uint8Array): Promise<unknown> {
  const stream = open(served).request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: '/feeder.LogService/WatchAlerts',
    'content-type': 'application/grpc+proto',
  });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  stream.once('response', (headers) => {
    resolve(headers['grpc-status']);
  });
  stream.end(bytes);
  return promise;
}

describe('a request for a stream', () => {
  for (const [what, bytes, status] of [
    ['that never comes', [], INVALID_ARGUMENT],
    ['that is cut off', [0, 0, 0, 0, 9, 1], INVALID_ARGUMENT],
    ['that is compressed', [1, 0, 0, 0, 1, 1], UNIMPLEMENTED],
    ['that is too long', [0, 0xff, 0, 0, 0], RESOURCE_EXHAUSTED],
    ['that is no message', [0, 0, 0, 0, 2, 0x0a, 9], INVALID_ARGUMENT],
    ['without a filter', [0, 0, 0, 0, 0], '0'],
  ] as const) {
    it(`${what} ends with status ${status}`, async () => {
      expect(await statusFor(await serve(), Uint8Array.from(bytes))).toBe(status);
    });
  }

  it('of a client that leaves leaves nothing', async () => {
    const served = await serve();
    const session = open(served);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/feeder.LogService/WatchAlerts',
      'content-type': 'application/grpc',
    });
    stream.on('error', () => undefined);
    stream.write(Uint8Array.from([0, 0]));
    stream.destroy();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    session.once('close', () => {
      resolve(undefined);
    });
    session.close();
    await promise;
    expect(served.server.clients).toEqual([]);
  });
});
