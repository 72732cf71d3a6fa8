import { once } from 'node:events';
import { link, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callJson, subscribeJson } from './socket-client.js';
import type { JsonHandler } from './socket-connection.js';
import { serveJson } from './socket-server.js';

let directory = '';
let path = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'socket-'));
  path = join(directory, 'test.sock');
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const echo: JsonHandler = (params) => Promise.resolve(params);
const untilAborted: JsonHandler = (_, { signal }) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve('aborted');
    });
  });
const countTo: JsonHandler = async (params, { send }) => {
  for (let i = 1; i <= Number(params); i += 1) await send({ i });
};

async function collect(events: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('serveJson', () => {
  it('listens with the mode and leaves only its socket in the directory', async () => {
    await using server = await serveJson(path, { handlers: {}, mode: 0o660 });
    expect((await stat(server.path)).mode & 0o777).toBe(0o660);
    expect(await readdir(directory)).toEqual(['test.sock']);
  });

  it('removes its socket when it closes, twice without harm', async () => {
    const server = await serveJson(path, { handlers: {} });
    await Promise.all([server.close(), server.close()]);
    expect(await readdir(directory)).toEqual([]);
  });

  it('replaces a socket that nobody answers on', async () => {
    const dead = createServer().listen(path);
    await once(dead, 'listening');
    const { ino } = await stat(path);
    // A second name keeps the socket's file when the server that made it goes away.
    await link(path, `${path}.kept`);
    dead.close();
    await once(dead, 'close');
    await rename(`${path}.kept`, path);
    expect((await stat(path)).ino).toBe(ino);
    await using server = await serveJson(path, { handlers: { echo } });
    expect(await callJson(server.path, 'echo', 1)).toBe(1);
  });

  it('refuses to take a path from a live server or a file', async () => {
    await using server = await serveJson(path, { handlers: { echo } });
    await expect(serveJson(path, { handlers: {} })).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    expect(await callJson(server.path, 'echo', 1)).toBe(1);
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(serveJson(file, { handlers: {} })).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
  });

  it('says that it cannot listen where there is no directory', async () => {
    const nowhere = serveJson(join(directory, 'no', 'x.sock'), { handlers: {} });
    await expect(nowhere).rejects.toMatchObject({ code: 'SOCKET_UNAVAILABLE' });
  });

  it('asks who the peer is before it reads anything', async () => {
    const asked: number[] = [];
    const authorize = (fd: number): boolean => asked.push(fd) > 1;
    await using server = await serveJson(path, { handlers: { echo }, authorize });
    await expect(callJson(server.path, 'echo', 1)).rejects.toMatchObject({ code: 'SOCKET_UNAUTHORIZED' });
    expect(await callJson(server.path, 'echo', 1)).toBe(1);
    expect(asked.every((fd) => fd > 2)).toBe(true);
  });

  it('aborts the handlers when it closes and sends what they return', async () => {
    const server = await serveJson(path, { handlers: { untilAborted } });
    const result = callJson(path, 'untilAborted', null);
    await callJson(path, 'none', null).catch(() => undefined);
    await server.close();
    expect(await result).toBe('aborted');
  });

  it('closes although a client sends nothing or reads nothing', async () => {
    const flood: JsonHandler = async (_, { send }) => {
      for (;;) await send('x'.repeat(100_000));
    };
    const server = await serveJson(path, { handlers: { flood } });
    const silent = connect(path);
    const deaf = connect(path);
    deaf.pause().write('{"method":"flood"}\n');
    await Promise.all([once(silent, 'connect'), once(deaf, 'connect')]);
    await server.close();
    silent.destroy();
    deaf.destroy();
  });

  it('tells a handler that its client is gone', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const handler: JsonHandler = async (params, context) => {
      await context.send('begun');
      resolve(await untilAborted(params, context));
    };
    await using server = await serveJson(path, { handlers: { handler } });
    for await (const event of subscribeJson(server.path, 'handler', null)) {
      expect(event).toBe('begun');
      break;
    }
    expect(await promise).toBe('aborted');
  });

  it('answers a malformed line with an error', async () => {
    await using server = await serveJson(path, { handlers: {} });
    const socket = connect(server.path);
    socket.write('{"method":1}\n');
    expect((await collect(socket)).join('')).toContain('"code":"SOCKET_MALFORMED"');
  });

  it('refuses a line beyond 16 MiB, from either side', async () => {
    const long = 'x'.repeat(16 * 1024 * 1024);
    await using server = await serveJson(path, { handlers: { echo, long: () => Promise.resolve(long) } });
    await expect(callJson(server.path, 'echo', long)).rejects.toMatchObject({ code: 'SOCKET_LINE_TOO_LONG' });
    await expect(callJson(server.path, 'long', null)).rejects.toMatchObject({ code: 'SOCKET_LINE_TOO_LONG' });
    const params = long.slice(1024);
    expect(await callJson(server.path, 'echo', params)).toBe(params);
  });
});

describe('callJson', () => {
  it('gives results, and errors as code and message', async () => {
    const coded: JsonHandler = () =>
      Promise.reject(Object.assign(new TypeError('no'), { code: 'NOT_TODAY' }));
    const plain: JsonHandler = () => Promise.reject(new TypeError('oops'));
    await using server = await serveJson(path, { handlers: { echo, coded, plain } });
    expect(await callJson(server.path, 'echo', { a: [1, 'é\n'] })).toEqual({ a: [1, 'é\n'] });
    await expect(callJson(server.path, 'coded', null)).rejects.toMatchObject({
      code: 'NOT_TODAY',
      message: 'no',
    });
    await expect(callJson(server.path, 'plain', null)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'oops',
    });
    await expect(callJson(server.path, 'toString', null)).rejects.toMatchObject({ code: 'METHOD_UNKNOWN' });
  });

  it('ends by its timeout or its signal', async () => {
    await using server = await serveJson(path, { handlers: { untilAborted } });
    const late = callJson(server.path, 'untilAborted', null, { timeoutMs: 1 });
    await expect(late).rejects.toMatchObject({ code: 'SOCKET_TIMEOUT' });
    const abort = new AbortController();
    const aborted = callJson(server.path, 'untilAborted', null, { signal: abort.signal });
    abort.abort(new TypeError('enough'));
    await expect(aborted).rejects.toThrow('enough');
  });

  it('says when nobody listens or the server hangs up', async () => {
    await expect(callJson(path, 'echo', null)).rejects.toMatchObject({ code: 'SOCKET_UNAVAILABLE' });
    const rude = createServer((socket) => socket.end()).listen(path);
    await once(rude, 'listening');
    await expect(callJson(path, 'echo', null)).rejects.toMatchObject({ code: 'SOCKET_CLOSED' });
    await expect(collect(subscribeJson(path, 'echo', null))).rejects.toMatchObject({ code: 'SOCKET_CLOSED' });
    rude.close();
  });
});

describe('subscribeJson', () => {
  it('yields the events until the result', async () => {
    await using server = await serveJson(path, { handlers: { countTo } });
    expect(await collect(subscribeJson(server.path, 'countTo', 3))).toEqual([{ i: 1 }, { i: 2 }, { i: 3 }]);
  });

  it('ends quietly when its signal is aborted', async () => {
    await using server = await serveJson(path, { handlers: { countTo } });
    const abort = new AbortController();
    const seen: unknown[] = [];
    for await (const event of subscribeJson(server.path, 'countTo', 1e9, { signal: abort.signal })) {
      if (seen.push(event) === 10) abort.abort();
    }
    expect(seen.length).toBeGreaterThanOrEqual(10);
  });

  it('throws what the handler throws', async () => {
    await using server = await serveJson(path, { handlers: {} });
    await expect(collect(subscribeJson(server.path, 'none', null))).rejects.toMatchObject({
      code: 'METHOD_UNKNOWN',
    });
  });
});
