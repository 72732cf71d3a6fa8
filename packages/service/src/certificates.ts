export {
  issueCertificate,
  type CertificateRequest,
  type IssuedCertificate,
  type Issuer,
} from './certificates/issue-certificate.js';
export { readIssuer } from './certificates/issuer-files.js';
