import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { HealthServer, type HealthServerDependencies } from './health-server.js';

const servers: HealthServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(deps: Partial<HealthServerDependencies> = {}): Promise<string> {
  const all = { metrics: () => Promise.resolve('m 1\n'), notReady: () => Promise.resolve([]), ...deps };
  const server = new HealthServer(all, { host: '127.0.0.1', port: 0 });
  servers.push(server);
  await server.open();
  return `http://127.0.0.1:${server.port ?? 0}`;
}

describe('HealthServer', () => {
  it('answers metrics in the type that Prometheus asks for', async () => {
    const answer = await fetch(`${await serve()}/metrics`);
    expect([answer.status, await answer.text()]).toEqual([200, 'm 1\n']);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('says whether the agent lives, and why it is not ready', async () => {
    const reasons: string[] = [];
    const address = await serve({ notReady: () => Promise.resolve(reasons) });
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    reasons.push('guard: silent', 'workload: none');
    const answer = await fetch(`${address}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([503, 'guard: silent\nworkload: none\n']);
  });

  it('refuses anything else', async () => {
    const address = await serve({ metrics: () => Promise.reject(new TypeError('broken')) });
    expect((await fetch(`${address}/other`)).status).toBe(404);
    expect((await fetch(`${address}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${address}/metrics`)).status).toBe(500);
    expect((await fetch(`${address}/healthz`, { method: 'HEAD' })).status).toBe(200);
  });

  it('is not held up by a client that does not read', async () => {
    const address = await serve({ metrics: () => Promise.resolve('x'.repeat(16_000_000)) });
    const slow = connect(Number(new URL(address).port), '127.0.0.1');
    await once(slow, 'connect');
    slow.pause();
    slow.write('GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n');
    const body = await (await fetch(`${address}/metrics`)).text();
    expect(body).toHaveLength(16_000_000);
    slow.destroy();
  });

  it('says when the port is taken', async () => {
    const port = Number(new URL(await serve()).port);
    const second = new HealthServer(
      { metrics: () => Promise.resolve(''), notReady: () => Promise.resolve([]) },
      { host: '127.0.0.1', port },
    );
    await expect(second.open()).rejects.toThrow('could not listen');
    await second.close();
  });
});
