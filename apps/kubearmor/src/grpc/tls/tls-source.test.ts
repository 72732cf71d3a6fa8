import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { TlsSource } from './tls-source.js';

const DAY_MS = 24 * 3600 * 1000;
const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

const KEYS = {
  'RSA, as KubeArmor has it': ['-newkey', 'rsa:2048'],
  'P-256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  Ed25519: ['-newkey', 'ed25519'],
} as const;

function openssl(directory: string, ...args: string[]): string {
  return execFileSync('openssl', args, { cwd: directory, stdio: 'pipe', encoding: 'utf8' });
}

function createAuthority(key: readonly string[] = KEYS['P-256'], days = 365): string {
  const directory = mkdtempSync(join(tmpdir(), 'kubearmor-tls-'));
  directories.push(directory);
  const files = ['-keyout', 'ca.key', '-out', 'ca.crt', '-addext', 'keyUsage=critical,keyCertSign'];
  openssl(
    directory,
    'req',
    '-x509',
    ...key,
    '-nodes',
    ...files,
    '-subj',
    '/O=ours/CN=ca',
    '-days',
    String(days),
  );
  return directory;
}

const names = ['localhost', 'node-1', '127.0.0.1', '::1'];

describe('TlsSource', () => {
  for (const [what, key] of Object.entries(KEYS)) {
    it(`issues a certificate that clients trust, signed by a key of kind ${what}`, async () => {
      const directory = createAuthority(key);
      const credentials = await new TlsSource({ directory, provider: 'self', names }).load();
      writeFileSync(join(directory, 'issued.crt'), credentials.cert);
      const verified = openssl(
        directory,
        'verify',
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-CAfile',
        'ca.crt',
        'issued.crt',
      );
      expect(verified.trim()).toBe('issued.crt: OK');
      const certificate = new X509Certificate(credentials.cert);
      expect(certificate.subject).toBe('O=kubearmor\nCN=kubearmor');
      expect(certificate.issuer).toBe('O=ours\nCN=ca');
      expect(certificate.ca).toBe(false);
      for (const name of ['localhost', 'node-1']) expect(certificate.checkHost(name)).toBe(name);
      for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address);
      expect(certificate.checkIP('192.0.2.1')).toBeUndefined();

      const server = createServer({ ...credentials }, (socket) => socket.end('hello'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const socket = connect({ port, host: '127.0.0.1', ca: credentials.ca, servername: 'localhost' });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
      server.close();
    });
  }

  it('issues another serial number each time', async () => {
    const source = new TlsSource({ directory: createAuthority(), provider: 'self', names });
    const serials = await Promise.all([source.load(), source.load()]);
    const [one, other] = serials.map(({ cert }) => new X509Certificate(cert).serialNumber);
    expect(one).not.toBe(other);
    expect(one).toHaveLength(32);
  });

  it('renews it when a third of its life is left, and not before', async () => {
    let nowMs = Date.now();
    const source = new TlsSource({ directory: createAuthority(), provider: 'self', names }, () => nowMs);
    const first = await source.load();
    expect(new X509Certificate(first.cert).validToDate.getTime()).toBeGreaterThan(nowMs + 89 * DAY_MS);
    nowMs += 59 * DAY_MS;
    expect(await source.renew()).toBeUndefined();
    nowMs += 2 * DAY_MS;
    const second = await source.renew();
    expect(new X509Certificate(second?.cert ?? '').validToDate.getTime()).toBeGreaterThan(
      nowMs + 89 * DAY_MS,
    );
    expect(await source.renew()).toBeUndefined();
  });

  it('issues none that outlives its authority', async () => {
    const directory = createAuthority(KEYS['P-256'], 10);
    const { cert, ca } = await new TlsSource({ directory, provider: 'self', names }).load();
    expect(new X509Certificate(cert).validToDate).toEqual(new X509Certificate(ca).validToDate);
  });

  it('takes other files when they change', async () => {
    const directory = createAuthority();
    const source = new TlsSource({ directory, provider: 'self', names });
    await source.load();
    const other = createAuthority(KEYS['P-384']);
    execFileSync('cp', [join(other, 'ca.crt'), join(other, 'ca.key'), directory]);
    const renewed = await source.renew();
    expect(new X509Certificate(renewed?.ca ?? '').fingerprint256).toBe(
      new X509Certificate((await new TlsSource({ directory: other, provider: 'self', names }).load()).ca)
        .fingerprint256,
    );
  });

  it('reads a certificate that others issued', async () => {
    const directory = createAuthority();
    const source = new TlsSource({ directory, provider: 'external', names });
    await expect(source.load()).rejects.toThrow(`${directory}/server.crt: expected a PEM file`);
    writeFileSync(join(directory, 'server.crt'), 'c');
    writeFileSync(join(directory, 'server.key'), 'k');
    expect(String((await source.renew())?.cert)).toBe('c');
  });

  it('says what is wrong with the files', async () => {
    const directory = createAuthority();
    const load = (): Promise<unknown> => new TlsSource({ directory, provider: 'self', names }).load();
    writeFileSync(join(directory, 'ca.key'), 'nonsense');
    await expect(load()).rejects.toThrow(`${directory}/ca.key: expected a private key without a passphrase`);
    execFileSync('cp', [join(createAuthority(), 'ca.key'), directory]);
    await expect(load()).rejects.toThrow(`${directory}/ca.key: expected the key of ca.crt, got another one`);
    rmSync(join(directory, 'ca.key'));
    await expect(load()).rejects.toMatchObject({ code: 'TLS_FILE_MISSING' });
    const { cert, key } = await new TlsSource({
      directory: createAuthority(),
      provider: 'self',
      names,
    }).load();
    writeFileSync(join(directory, 'ca.crt'), cert);
    writeFileSync(join(directory, 'ca.key'), key);
    await expect(load()).rejects.toThrow('expected the certificate of an authority');
  });
});
