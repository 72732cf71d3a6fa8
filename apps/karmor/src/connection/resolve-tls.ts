import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_TLS_DIRECTORY, readTlsFiles, type TlsFiles } from './tls-files.js';

/** What is said about a client's certificate. */
export interface TlsFlags {
  readonly isSecure: boolean;
  readonly tlsCertPath: string | undefined;
  readonly tlsCertProvider: 'self' | 'external' | undefined;
  readonly readsSecret: boolean;
}

/** A client's certificate, as the flags say; undefined for plain text. */
export async function resolveTls(
  flags: TlsFlags,
  note: (line: string) => void,
): Promise<TlsFiles | undefined> {
  if (flags.readsSecret) {
    note(
      '--readCAFromSecret does not apply: without Kubernetes there is no secret, certificates are in --tlsCertPath',
    );
  }
  if (!flags.isSecure) return undefined;
  const directory = flags.tlsCertPath ?? DEFAULT_TLS_DIRECTORY;
  const provider = flags.tlsCertProvider ?? (existsSync(join(directory, 'client.crt')) ? 'external' : 'self');
  if (provider === 'external') return readTlsFiles(directory);
  const { issueClientCertificate } = await import('./issue-client-certificate.js');
  return issueClientCertificate(directory);
}
