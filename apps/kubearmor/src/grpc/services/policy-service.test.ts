import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { TlsSource } from '../tls/tls-source.js';
import { cleanUp, connectStock, onCleanUp, policyEvent, serve, tcpOf } from '../testing/served.js';

afterEach(cleanUp);

describe('PolicyService', () => {
  it('takes policies on the unix socket', async () => {
    const fixture = await serve();
    const client = connectStock(fixture.unix);
    expect(await client.call('policy.PolicyService', 'containerPolicy', policyEvent)).toEqual({
      status: 'Applied',
    });
    const deleted = { policy: Buffer.from('{"type":"DELETED","object":{"metadata":{"name":"h"}}}') };
    expect(await client.call('policy.PolicyService', 'hostPolicy', deleted)).toEqual({ status: 'NotExist' });
    expect(fixture.pushed).toEqual([
      {
        kind: 'KubeArmorPolicy',
        type: 'ADDED',
        object: { metadata: { name: 'p' }, spec: { severity: 1 } },
        change: {},
      },
      { kind: 'KubeArmorHostPolicy', type: 'DELETED', object: { metadata: { name: 'h' } }, change: {} },
    ]);
  });

  for (const bytes of [
    '',
    '{',
    '[]',
    '{"type":"ADDED"}',
    '{"type":"X","object":{"metadata":{"name":"p"}}}',
  ]) {
    it(`calls ${JSON.stringify(bytes)} invalid`, async () => {
      const fixture = await serve();
      const request = { policy: Buffer.from(bytes) };
      const answer = await connectStock(fixture.unix).call(
        'policy.PolicyService',
        'containerPolicy',
        request,
      );
      expect(answer).toEqual({ status: 'Invalid' });
      expect(fixture.pushed).toEqual([]);
    });
  }

  it('hands on within what time a change must be confirmed, and says that it has understood', async () => {
    const fixture = await serve();
    const client = connectStock(fixture.unix);
    const headers = { 'kubearmor-confirm': '1m30s' };
    const answered = await client.callWith('policy.PolicyService', 'containerPolicy', policyEvent, headers);
    expect(answered.get('kubearmor-confirm')).toEqual(['90000ms']);
    expect(fixture.pushed).toMatchObject([{ change: { confirmWithinMs: 90_000 } }]);
    for (const text of ['soon', '0s', '25h']) {
      const call = client.callWith('policy.PolicyService', 'containerPolicy', policyEvent, {
        'kubearmor-confirm': text,
      });
      await expect(call).rejects.toMatchObject({ code: grpc.status.INVALID_ARGUMENT });
    }
    expect(fixture.pushed).toHaveLength(1);
  });

  it('says that network policies are not enabled', async () => {
    const fixture = await serve();
    const answer = await connectStock(fixture.unix).call(
      'policy.PolicyService',
      'networkPolicy',
      policyEvent,
    );
    expect(answer).toEqual({ status: 'NotEnabled' });
  });

  it('refuses policies over plain TCP', async () => {
    const fixture = await serve();
    const client = connectStock(tcpOf(fixture));
    for (const method of ['containerPolicy', 'hostPolicy', 'networkPolicy']) {
      await expect(client.call('policy.PolicyService', method, policyEvent)).rejects.toMatchObject({
        code: grpc.status.PERMISSION_DENIED,
      });
    }
    expect(fixture.pushed).toEqual([]);
  });

  it('takes policies over plain TCP when it is told to', async () => {
    const fixture = await serve({ tcp: { host: '127.0.0.1', port: 0, isOpenForPolicies: true } });
    const answer = await connectStock(tcpOf(fixture)).call(
      'policy.PolicyService',
      'containerPolicy',
      policyEvent,
    );
    expect(answer).toEqual({ status: 'Applied' });
  });

  it('refuses a workload of ours', async () => {
    const fixture = await serve({}, { isWorkload: true });
    const call = connectStock(fixture.unix).call('policy.PolicyService', 'containerPolicy', policyEvent);
    await expect(call).rejects.toMatchObject({ code: grpc.status.PERMISSION_DENIED });
  });

  it('takes policies from who shows a certificate, and nothing from others', async () => {
    const pki = createPki();
    const tls = new TlsSource({ directory: pki, provider: 'external', names: [] });
    const fixture = await serve({ tcp: { host: '127.0.0.1', port: 0, tls } });
    const pem = (name: string): Buffer => readFileSync(join(pki, name));
    const address = `localhost:${fixture.server.ports.tcp ?? 0}`;
    const known = grpc.credentials.createSsl(pem('ca.crt'), pem('client.key'), pem('client.crt'));
    const client = connectStock(address, known);
    expect(await client.call('policy.PolicyService', 'containerPolicy', policyEvent)).toEqual({
      status: 'Applied',
    });
    for (const credentials of [
      grpc.credentials.createSsl(pem('ca.crt')),
      grpc.credentials.createInsecure(),
    ]) {
      const stranger = connectStock(address, credentials);
      await expect(stranger.call('feeder.LogService', 'HealthCheck', { nonce: 1 })).rejects.toMatchObject({
        code: grpc.status.UNAVAILABLE,
      });
    }
  });
});

function createPki(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pki-'));
  onCleanUp(() => {
    rmSync(directory, { recursive: true });
  });
  const openssl = (...args: string[]): unknown =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=ca', '-days', '1');
  writeFileSync(join(directory, 'san'), 'subjectAltName=DNS:localhost');
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'san', '-days', '1'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed);
  }
  return directory;
}
