import { execFileSync } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueClientCertificate } from './issue-client-certificate.js';

describe('issueClientCertificate', () => {
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'karmor-ca-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const makeAuthority = (...key: string[]): void => {
    const args = ['req', '-x509', ...key, '-nodes', '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=ca'];
    execFileSync('openssl', [...args, '-days', '1'], { cwd: directory, stdio: 'pipe' });
  };

  for (const [name, ...key] of [
    ['RSA', '-newkey', 'rsa:2048'],
    ['an elliptic curve', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ] as const) {
    it(`signs for a client with a key of ${name}`, () => {
      makeAuthority(...key);
      const { ca, cert, key: own } = issueClientCertificate(directory);
      const issued = new X509Certificate(cert);
      expect(issued.verify(new X509Certificate(ca).publicKey)).toBe(true);
      expect(issued.checkIssued(new X509Certificate(ca))).toBe(true);
      expect(issued.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
      expect(issued.publicKey.equals(createPublicKey(own.toString()))).toBe(true);
    });
  }

  it('says which file is missing', () => {
    expect(() => issueClientCertificate(directory)).toThrow(
      expect.objectContaining({ code: 'TLS_FILE_MISSING' }),
    );
  });
});
