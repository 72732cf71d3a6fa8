import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';

/** What a certificate is for. */
export type CertificateUsage = 'server' | 'client';

/** A name under which a server is reached. */
export interface ServerName {
  readonly name: string;
  readonly isAddress: boolean;
}

const PURPOSES = { server: id_kp_serverAuth, client: id_kp_clientAuth } as const;

/** What a certificate is for, the names of whom it is for, and who its issuer is, whose extensions these are. */
export function certificateExtensions(
  usage: CertificateUsage,
  names: readonly ServerName[],
  issuers: Extensions | undefined,
): Extensions {
  const alternatives = names.map(
    ({ name, isAddress }) => new GeneralName(isAddress ? { iPAddress: name } : { dNSName: name }),
  );
  return new Extensions([
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([PURPOSES[usage]])),
    ...(names.length === 0
      ? []
      : [extension(id_ce_subjectAltName, new SubjectAlternativeName(alternatives))]),
    ...authorityOf(issuers),
  ]);
}

// Without one, chains are built by the issuer's name alone, which is enough for a single CA.
function authorityOf(issuers: Extensions | undefined): Extension[] {
  const found = issuers?.find(({ extnID }) => extnID === id_ce_subjectKeyIdentifier);
  if (found === undefined) return [];
  const keyIdentifier = AsnConvert.parse(found.extnValue, SubjectKeyIdentifier);
  return [extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier }))];
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}
