import { join } from 'node:path';
import { readPem } from '@kubearmor/service';

/** What a server needs for mutual TLS, as PEM. */
export interface TlsCredentials {
  /** Who signs the clients' certificates. */
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads `ca.crt`, `server.crt` and `server.key` of a directory. Throws TLS_FILE_MISSING. */
export function readTlsFiles(directory: string): TlsCredentials {
  const read = (name: string): Buffer => readPem(join(directory, name));
  return { ca: read('ca.crt'), cert: read('server.crt'), key: read('server.key') };
}
