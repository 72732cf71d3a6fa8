import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KarmorError } from '../errors.js';

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
  return {
    ca: readTlsFile(directory, 'ca.crt'),
    cert: readTlsFile(directory, 'client.crt'),
    key: readTlsFile(directory, 'client.key'),
  };
}

/** Reads one PEM file. Throws TLS_FILE_MISSING. */
export function readTlsFile(directory: string, name: string): Buffer {
  const path = join(directory, name);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new KarmorError('TLS_FILE_MISSING', `${path}: expected a PEM file, could not read one`, { cause });
  }
}
