const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** The fields of a protobuf message by number, a later one over an earlier one: numbers as they are, the rest as Latin-1 text. */
export function readFields(message: Buffer): ReadonlyMap<number, number | string> {
  const fields = new Map<number, number | string>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    if ((tag & 7) === VARINT) fields.set(tag >>> 3, varint());
    else if ((tag & 7) === LENGTH_DELIMITED) {
      const length = varint();
      fields.set(tag >>> 3, message.toString('latin1', at, at + length));
      at += length;
    } else break;
  }
  return fields;
}
