/** What a name server is asked. */
export interface DnsQuestion {
  /** As master files spell it; `.` for the root, empty where the message is malformed. */
  readonly domain: string;
  /** `A`, `AAAA`, or empty for any other type. */
  readonly queryType: string;
}

const HEADER_BYTES = 12;
const QUESTIONS_AT = 4;
const MAX_LABEL_BYTES = 63;
const MAX_NAME_BYTES = 255;
const QUERY_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [28, 'AAAA'],
]);
const MALFORMED: DnsQuestion = { domain: '', queryType: '' };

/** Reads the first question of a DNS message (RFC 1035, 4.1). Whatever the bytes are, it answers. */
export function readDnsQuestion(message: Uint8Array): DnsQuestion {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  if (bytes.length < HEADER_BYTES || bytes.readUInt16BE(QUESTIONS_AT) === 0) return MALFORMED;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = bytes[at];
    // A question comes first, so there is nothing that a compressed name could point to.
    if (length === undefined || length > MAX_LABEL_BYTES) return MALFORMED;
    at += 1;
    if (length === 0) break;
    if (at + length > bytes.length || at + length - HEADER_BYTES > MAX_NAME_BYTES) return MALFORMED;
    labels.push(labelText(bytes.subarray(at, at + length)));
    at += length;
  }
  const type = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0;
  return { domain: labels.length === 0 ? '.' : labels.join('.'), queryType: QUERY_TYPES.get(type) ?? '' };
}

// A dot in a label is not the end of it, so that no name can be mistaken for another (RFC 1035, 5.1).
function labelText(label: Uint8Array): string {
  let text = '';
  for (const byte of label) {
    const character = String.fromCharCode(byte);
    if (byte <= 0x20 || byte >= 0x7f) text += `\\${String(byte).padStart(3, '0')}`;
    else text += character === '.' || character === '\\' ? `\\${character}` : character;
  }
  return text;
}
