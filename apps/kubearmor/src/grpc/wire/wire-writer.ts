const VARINT = 0;
const LENGTH_DELIMITED = 2;
const MAX_ONE_BYTE = 0x7f;
/** UTF-8 needs at most three bytes for one UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;
/** Text of so many units at most has a length that fits one byte, whatever they are. */
const SHORT_TEXT = Math.floor(MAX_ONE_BYTE / MAX_BYTES_PER_UNIT);
const TAG_AND_LENGTH_BYTES = 10;
/** So many characters at most are written one by one. */
const MAX_LOOP = 32;

/** How many bytes a text field can take at most. */
export function maxTextFieldBytes(text: string): number {
  return text.length * MAX_BYTES_PER_UNIT + TAG_AND_LENGTH_BYTES;
}

/** Writes protobuf fields into a buffer that is large enough: whoever writes has made sure of it. */
export class WireWriter {
  bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** What was written so far. */
  written(): Buffer {
    return this.bytes.subarray(0, this.position);
  }

  /** Fields that were encoded before. */
  piece(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** An int32 field; zero is left out. A number beyond 31 bits wraps, as it does in KubeArmor. */
  int32(field: number, value: number | undefined): void {
    if (value === undefined || value === 0) return;
    this.#tag(field, VARINT);
    const wrapped = value | 0;
    if (wrapped >= 0) this.varint(wrapped);
    else this.#negative(wrapped);
  }

  /** An int64 field of a number that is neither negative nor beyond 53 bits; zero is left out. */
  int64(field: number, value: number | undefined): void {
    if (value === undefined || value === 0) return;
    this.#tag(field, VARINT);
    this.varint(value);
  }

  /** A string field; an empty one is left out. */
  text(field: number, text: string | undefined): void {
    if (text === undefined || text.length === 0) return;
    this.presentText(field, text);
  }

  /** A string field, even when it is empty: it overrides what a piece before it said. */
  presentText(field: number, text: string): void {
    this.#tag(field, LENGTH_DELIMITED);
    if (text.length <= MAX_LOOP && this.#ascii(text)) return;
    const at = this.position;
    // The length stands before the text, and the text is written once: for a guess of how long its length is.
    const guess = text.length <= SHORT_TEXT ? 1 : varintBytes(text.length);
    const length = this.bytes.write(text, at + guess);
    const needed = varintBytes(length);
    if (needed !== guess) this.bytes.copyWithin(at + needed, at + guess, at + guess + length);
    this.varint(length);
    this.position = at + needed + length;
  }

  // Of a few characters each takes less than a call of the runtime for them all. False where one is not ASCII.
  #ascii(text: string): boolean {
    const { bytes } = this;
    const at = this.position + 1;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > MAX_ONE_BYTE) return false;
      bytes[at + index] = code;
    }
    bytes[at - 1] = text.length;
    this.position = at + text.length;
    return true;
  }

  /** A message field whose content is texts of fields 1, 2 and so on; without any it is left out. */
  textsMessage(field: number, texts: readonly (string | undefined)[]): void {
    const present = texts.some((text) => text !== undefined && text.length > 0);
    if (!present) return;
    this.nested(field, () => {
      for (const [index, text] of texts.entries()) this.text(index + 1, text);
    });
  }

  /** An entry of a map from text to text. */
  mapEntry(field: number, key: string, value: string): void {
    this.nested(field, () => {
      this.presentText(1, key);
      this.presentText(2, value);
    });
  }

  /** A message field. */
  nested(field: number, write: () => void): void {
    this.#tag(field, LENGTH_DELIMITED);
    const at = this.position;
    this.position += 1;
    write();
    const length = this.position - at - 1;
    const needed = varintBytes(length);
    if (needed !== 1) this.bytes.copyWithin(at + needed, at + 1, at + 1 + length);
    this.position = at;
    this.varint(length);
    this.position = at + needed + length;
  }

  /** A number of at most 53 bits. */
  varint(value: number): void {
    let rest = value;
    while (rest > MAX_ONE_BYTE) {
      this.bytes[this.position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.position++] = rest;
  }

  #tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType);
  }

  // Negative numbers travel as 64 bits: five bytes of this one, then the sign's ones.
  #negative(value: number): void {
    let rest = value;
    for (let index = 0; index < 9; index++) {
      this.bytes[this.position++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.bytes[this.position++] = 1;
  }
}

function varintBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest > MAX_ONE_BYTE; rest = Math.floor(rest / 0x80)) count += 1;
  return count;
}
