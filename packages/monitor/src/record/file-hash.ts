import { HASH_AT } from './layout.js';

/** What the content of a file comes to. */
export interface FileHash {
  /** `sha256`. */
  readonly algorithm: string;
  /** In hexadecimal digits. */
  readonly digest: string;
}

/** `enum hash_algo` (linux/hash_info.h) as far as IMA can be set to it, with the bytes of each hash. */
const ALGORITHMS: ReadonlyMap<number, readonly [name: string, bytes: number]> = new Map([
  [1, ['md5', 16]],
  [2, ['sha1', 20]],
  [4, ['sha256', 32]],
  [5, ['sha384', 48]],
  [6, ['sha512', 64]],
  [7, ['sha224', 28]],
  [17, ['sm3', 32]],
]);

/** Reads a `struct monitor_hash`; undefined for an algorithm that is not known. */
export function readFileHash(bytes: Buffer): FileHash | undefined {
  const found = ALGORITHMS.get(bytes.readUInt32LE(HASH_AT.algorithm));
  if (found === undefined) return undefined;
  const [algorithm, length] = found;
  return { algorithm, digest: bytes.toString('hex', HASH_AT.bytes, HASH_AT.bytes + length) };
}
