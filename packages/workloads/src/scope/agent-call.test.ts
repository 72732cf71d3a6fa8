import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveJson } from '@kubearmor/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callAgent } from './agent-call.js';

const containing = (text: string): unknown => expect.stringContaining(text);

let directory: string;
let socketPath: string;

const call = (method: string, timeoutMs = 5_000): Promise<unknown> =>
  callAgent({ socketPath, method, params: { a: 1 }, timeoutMs });

/** A server that answers any request with raw text. */
async function answering(text: string): Promise<Server & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(text));
    socket.on('error', () => undefined);
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(socketPath, () => {
    resolve(undefined);
  });
  await promise;
  return server;
}

describe('callAgent', () => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubearmor-call-'));
    socketPath = join(directory, 'agent.sock');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('speaks the protocol of the service package', async () => {
    await using server = new AsyncDisposableStack();
    server.use(
      await serveJson(socketPath, {
        handlers: {
          echo: async (params, { send }) => {
            await send('an event on the way');
            return { params, long: 'ü'.repeat(100_000) };
          },
          refuse: () => Promise.reject(new RangeError('out of scopes')),
        },
      }),
    );
    await expect(call('echo')).resolves.toEqual({ params: { a: 1 }, long: 'ü'.repeat(100_000) });
    await expect(call('refuse')).rejects.toMatchObject({
      code: 'AGENT_REFUSED',
      message: containing('out of scopes'),
    });
    await expect(call('unknown')).rejects.toMatchObject({ code: 'AGENT_REFUSED' });
  });

  it('says that no agent is there', async () => {
    await expect(call('any')).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE' });
  });

  it('gives up in time', async () => {
    await using server = new AsyncDisposableStack();
    server.use(
      await serveJson(socketPath, {
        handlers: {
          never: (_params, { signal }) =>
            new Promise((resolve) => {
              signal.addEventListener('abort', resolve);
            }),
        },
      }),
    );
    await expect(call('never', 50)).rejects.toMatchObject({ code: 'AGENT_TIMEOUT' });
  });

  for (const [what, text] of [
    ['nothing', ''],
    ['no JSON', 'hello\n'],
    ['half a line', '{"kind":"result"'],
    ['another kind', '{"kind":"novelty"}\n'],
    ['no object', '7\n'],
    ['a line without an end', 'x'.repeat(1_000_001)],
  ] as const) {
    it(`refuses an answer that is ${what}`, async () => {
      await using server = new AsyncDisposableStack();
      server.use(await answering(text));
      await expect(call('any')).rejects.toMatchObject({ code: 'AGENT_MALFORMED' });
    });
  }
});
