import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readPem } from '@kubearmor/service';
import { readTlsFiles, type TlsCredentials } from './tls-files.js';

/** Where a server's certificate comes from. */
export interface TlsSourceOptions {
  readonly directory: string;
  /** `self`: issued with `ca.key`; `external`: `server.crt` and `server.key`. */
  readonly provider: 'self' | 'external';
  /** Host names and addresses under which the server is reached. */
  readonly names: readonly string[];
}

const DAY_MS = 24 * 3600 * 1000;
const LIFETIME_MS = 90 * DAY_MS;
/** Clocks of clients may be behind. */
const SKEW_MS = 5 * 60 * 1000;
/** What is left of a certificate's life when it is renewed. */
const RENEWED_WITH = 1 / 3;
const FILES = ['ca.crt', 'ca.key', 'server.crt', 'server.key'] as const;

/** The server's certificate, issued or read, and again when it gets old or its files change. */
export class TlsSource {
  readonly #options: TlsSourceOptions;
  readonly #nowMs: () => number;
  #stamp = '';
  #renewAtMs = Number.POSITIVE_INFINITY;

  constructor(options: TlsSourceOptions, nowMs: () => number = Date.now) {
    this.#options = options;
    this.#nowMs = nowMs;
  }

  /** The credentials of this moment. Throws TLS_FILE_MISSING and TLS_FILE_INVALID. */
  async load(): Promise<TlsCredentials> {
    const { directory, provider } = this.#options;
    this.#stamp = stampOf(directory);
    if (provider === 'external') return readTlsFiles(directory);
    return this.#issue();
  }

  /** Other credentials, when it is time for them; undefined while those from before are good. */
  async renew(): Promise<TlsCredentials | undefined> {
    const isDue = this.#nowMs() >= this.#renewAtMs || this.#stamp !== stampOf(this.#options.directory);
    return isDue ? this.load() : undefined;
  }

  // What encodes certificates takes memory that only those need who ask for it.
  async #issue(): Promise<TlsCredentials> {
    const { issueCertificate, readIssuer } = await import('@kubearmor/service/certificates');
    const { directory, names } = this.#options;
    const issuer = readIssuer(directory);
    const nowMs = this.#nowMs();
    const endsAtMs = Math.min(nowMs + LIFETIME_MS, issuer.certificate.validToDate.getTime());
    const issued = issueCertificate(issuer, {
      usage: 'server',
      names,
      notBefore: new Date(Math.max(nowMs - SKEW_MS, issuer.certificate.validFromDate.getTime())),
      notAfter: new Date(endsAtMs),
    });
    this.#renewAtMs = endsAtMs - (endsAtMs - nowMs) * RENEWED_WITH;
    return { ca: readPem(join(directory, 'ca.crt')), ...issued };
  }
}

// A file that is not there is part of it: it may come.
function stampOf(directory: string): string {
  const stats = FILES.map((name) => statSync(join(directory, name), { throwIfNoEntry: false }));
  return JSON.stringify(stats.map((stat) => stat && [stat.ino, stat.size, stat.mtimeMs]));
}
