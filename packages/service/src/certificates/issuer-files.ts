import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { ServiceError } from '../errors.js';
import type { Issuer } from './issue-certificate.js';
import { readPem } from './read-pem.js';

/** Reads `ca.crt` and `ca.key` of a directory. Throws TLS_FILE_MISSING and TLS_FILE_INVALID. */
export function readIssuer(directory: string): Issuer {
  const [crt, file] = [join(directory, 'ca.crt'), join(directory, 'ca.key')];
  const certificate = parse(crt, 'a certificate', () => new X509Certificate(readPem(crt)));
  const key: KeyObject = parse(file, 'a private key without a passphrase', () =>
    createPrivateKey(readPem(file)),
  );
  if (!certificate.ca) throw invalid(crt, 'the certificate of an authority', 'one that may not sign others');
  if (!certificate.checkPrivateKey(key)) throw invalid(file, 'the key of ca.crt', 'another one');
  return { certificate, key };
}

function parse<T>(path: string, expected: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ServiceError) throw thrown;
    throw invalid(path, expected, String(thrown), thrown);
  }
}

function invalid(path: string, expected: string, got: string, cause?: unknown): ServiceError {
  return new ServiceError('TLS_FILE_INVALID', `${path}: expected ${expected}, got ${got}`, { cause });
}
