import { generateKeyPairSync, randomBytes, sign, type KeyObject, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { ServiceError } from '../errors.js';
import { certificateExtensions, type CertificateUsage } from './certificate-extensions.js';

/** Who signs. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** For whom, and for how long. */
export interface CertificateRequest {
  readonly usage: CertificateUsage;
  /** Host names and IP addresses under which a server is reached; a client has none. */
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate with its key, as PEM. */
export interface IssuedCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const SUBJECT = 'kubearmor';
const SERIAL_BYTES = 16;

/** Issues a certificate with a new P-256 key. Throws TLS_FILE_INVALID for an issuer whose key cannot sign one. */
export function issueCertificate(issuer: Issuer, request: CertificateRequest): IssuedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { oid, parameters, digest } = signatureOf(issuer.key);
  const algorithm = new AlgorithmIdentifier({ algorithm: oid, ...(parameters === null && { parameters }) });
  const { subject: issuedBy, extensions } = AsnConvert.parse(
    issuer.certificate.raw,
    Certificate,
  ).tbsCertificate;
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: toArrayBuffer(serialNumber()),
    signature: algorithm,
    issuer: issuedBy,
    validity: new Validity({ notBefore: request.notBefore, notAfter: request.notAfter }),
    subject: subjectName(),
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      SubjectPublicKeyInfo,
    ),
    extensions: certificateExtensions(
      request.usage,
      request.names.map((name) => ({ name, isAddress: isIP(name) !== 0 })),
      extensions,
    ),
  });
  const signature = sign(digest, Buffer.from(AsnConvert.serialize(tbs)), issuer.key);
  const certificate = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: algorithm,
    signatureValue: toArrayBuffer(signature),
  });
  return {
    cert: pem('CERTIFICATE', Buffer.from(AsnConvert.serialize(certificate))),
    key: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

interface Signature {
  readonly oid: string;
  /** RFC 4055: those of sha256WithRSAEncryption are NULL, not absent. */
  readonly parameters?: null;
  /** Undefined where the key's kind says it. */
  readonly digest: string | undefined;
}

const SIGNATURES: ReadonlyMap<string | undefined, Signature> = new Map<string, Signature>([
  ['rsa', { oid: '1.2.840.113549.1.1.11', parameters: null, digest: 'sha256' }],
  ['ec', { oid: '1.2.840.10045.4.3.2', digest: 'sha256' }],
  ['ed25519', { oid: '1.3.101.112', digest: undefined }],
]);

function signatureOf({ asymmetricKeyType: kind }: KeyObject): Signature {
  const found = SIGNATURES.get(kind);
  if (found !== undefined) return found;
  throw new ServiceError(
    'TLS_FILE_INVALID',
    `ca.key: expected an RSA, EC or Ed25519 key, got ${kind ?? 'none'}`,
  );
}

function subjectName(): Name {
  const part = (type: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: SUBJECT }) }),
    ]);
  return new Name([part(ORGANIZATION), part(COMMON_NAME)]);
}

// A positive number that is never short: the first bit is 0, the second is 1.
function serialNumber(): Uint8Array {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes;
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function pem(label: string, der: Buffer): Buffer {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`);
}
