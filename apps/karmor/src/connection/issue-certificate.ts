import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { KarmorError } from '../errors.js';
import { readTlsFile, type TlsFiles } from './tls-files.js';

const NAME = 'CN=kubearmor, O=kubearmor';
const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;
/** Clocks of client and server may differ. */
const SKEW_MS = 5 * 60 * 1000;
const SERIAL_BYTES = 16;
const CLIENT_KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Makes a client's certificate with the `ca.crt` and `ca.key` of a directory; it is kept nowhere. */
export async function issueCertificate(directory: string): Promise<TlsFiles> {
  const ca = readTlsFile(directory, 'ca.crt');
  const signer = await readSigner(readTlsFile(directory, 'ca.key'), directory);
  const keys = await webcrypto.subtle.generateKey(CLIENT_KEY, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: randomBytes(SERIAL_BYTES).toString('hex'),
      subject: NAME,
      issuer: new X509Certificate(new NodeCertificate(ca).toString()).subjectName,
      notBefore: new Date(now - SKEW_MS),
      notAfter: new Date(now + LIFETIME_MS),
      publicKey: keys.publicKey,
      signingKey: signer.key,
      signingAlgorithm: signer.algorithm,
      extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return {
    ca,
    cert: Buffer.from(certificate.toString('pem')),
    key: Buffer.from(key.export({ format: 'pem', type: 'pkcs8' })),
  };
}

type SigningAlgorithm =
  webcrypto.RsaHashedImportParams | (webcrypto.EcKeyImportParams & webcrypto.EcdsaParams);

/** The key of the certificate authority, RSA or of an elliptic curve, in any of the usual PEM spellings. */
async function readSigner(
  pem: Buffer,
  directory: string,
): Promise<{ readonly key: webcrypto.CryptoKey; readonly algorithm: SigningAlgorithm }> {
  const key = createPrivateKey(pem);
  const algorithm = algorithmOf(key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve);
  if (algorithm === undefined) {
    const got = key.asymmetricKeyType ?? 'another';
    throw new KarmorError('TLS_FILE_MISSING', `${directory}/ca.key: expected an RSA or EC key, got ${got}`);
  }
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return { key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']), algorithm };
}

const CURVES: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

function algorithmOf(type: string | undefined, curve: string | undefined): SigningAlgorithm | undefined {
  if (type === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const namedCurve = CURVES.get(curve ?? '');
  return type === 'ec' && namedCurve !== undefined
    ? { name: 'ECDSA', namedCurve, hash: 'SHA-256' }
    : undefined;
}
