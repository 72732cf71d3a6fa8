import { join } from 'node:path';
import { readPem } from '@kubearmor/service';
import { issueCertificate, readIssuer } from '@kubearmor/service/certificates';
import type { TlsFiles } from './tls-files.js';

const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;
/** Clocks of client and server may differ. */
const SKEW_MS = 5 * 60 * 1000;

/** Makes a client's certificate with the `ca.crt` and `ca.key` of a directory; it is kept nowhere. Throws TLS_FILE_MISSING, TLS_FILE_INVALID. */
export function issueClientCertificate(directory: string): TlsFiles {
  const issuer = readIssuer(directory);
  const now = Date.now();
  const { validFromDate, validToDate } = issuer.certificate;
  const issued = issueCertificate(issuer, {
    usage: 'client',
    names: [],
    notBefore: new Date(Math.max(now - SKEW_MS, validFromDate.getTime())),
    notAfter: new Date(Math.min(now + LIFETIME_MS, validToDate.getTime())),
  });
  return { ca: readPem(join(directory, 'ca.crt')), ...issued };
}
