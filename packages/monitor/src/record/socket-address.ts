/** A socket address: where a socket is bound or connected to, or what a message is sent to. */
export type SocketAddress =
  | { readonly kind: 'inet'; readonly family: number; readonly address: string; readonly port: number }
  /** A path, `@` and a name in the abstract namespace, or nothing. */
  | { readonly kind: 'unix'; readonly path: string }
  /** A family whose addresses are not told apart. */
  | { readonly kind: 'other'; readonly family: number };

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const INET_BYTES = 8;
const INET6_BYTES = 24;

/** Decodes a struct sockaddr of any family; undefined where the bytes are too few for it. */
export function decodeSocketAddress(bytes: Buffer): SocketAddress | undefined {
  if (bytes.length < 2) return undefined;
  const family = bytes.readUInt16LE(0);
  if (family === AF_UNIX) return { kind: 'unix', path: unixPath(bytes.subarray(2)) };
  if (family === AF_INET && bytes.length >= INET_BYTES) {
    return { kind: 'inet', family, port: bytes.readUInt16BE(2), address: addressText(family, bytes, 4) };
  }
  if (family === AF_INET6 && bytes.length >= INET6_BYTES) {
    return { kind: 'inet', family, port: bytes.readUInt16BE(2), address: addressText(family, bytes, 8) };
  }
  return { kind: 'other', family };
}

/** Prints an IPv4 or IPv6 address. */
export function addressText(family: number, bytes: Buffer, at: number): string {
  if (family !== AF_INET6) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  const groups: string[] = [];
  for (let group = 0; group < 8; group++) groups.push(bytes.readUInt16BE(at + 2 * group).toString(16));
  return shortened(groups.join(':'));
}

// The longest run of zero groups is written as "::" (RFC 5952).
function shortened(text: string): string {
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)];
  const [run] = runs.sort((a, b) => b[0].length - a[0].length);
  if (run === undefined) return text;
  return `${text.slice(0, run.index)}::${text.slice(run.index + run[0].length).replace(/^:/, '')}`;
}

function unixPath(bytes: Buffer): string {
  if (bytes.length === 0) return '';
  if (bytes[0] === 0) return bytes.length === 1 ? '' : `@${bytes.toString('utf8', 1).replace(/\0+$/, '')}`;
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
