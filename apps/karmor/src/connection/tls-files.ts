import { join } from 'node:path';
import { readPem } from '@kubearmor/service';

/** What a client needs for mutual TLS, as PEM. */
export interface TlsFiles {
  /** Who signs the server's certificate. */
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Where clients find their certificate unless told otherwise. */
export const DEFAULT_TLS_DIRECTORY = '/var/lib/kubearmor/tls';

/** Reads `ca.crt`, `client.crt` and `client.key` of a directory. Throws TLS_FILE_MISSING. */
export function readTlsFiles(directory: string): TlsFiles {
  const read = (name: string): Buffer => readPem(join(directory, name));
  return { ca: read('ca.crt'), cert: read('client.crt'), key: read('client.key') };
}
