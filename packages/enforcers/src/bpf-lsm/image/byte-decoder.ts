/** The character that stands for bytes that are no text. */
export const REPLACEMENT = 0xfffd;

/** Part of a character: the code points that it can still become. */
export interface Partial {
  /** Code points, inclusive, that valid bytes lead to. */
  readonly from: number;
  readonly to: number;
  /** Bytes that are missing. */
  readonly missing: number;
  /** Values, inclusive, of the next byte. */
  readonly low: number;
  readonly high: number;
}

/** What the first byte of a character, 0x80 or above, begins; undefined where it begins none. */
export function beginCharacter(byte: number): Partial | undefined {
  if (byte >= 0xc2 && byte <= 0xdf) return partial(byte & 0x1f, 1, 0x80, 0xbf);
  if (byte >= 0xe0 && byte <= 0xef)
    return partial(byte & 0x0f, 2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf);
  if (byte >= 0xf0 && byte <= 0xf4)
    return partial(byte & 0x07, 3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf);
  return undefined;
}

/** What one more valid byte makes of a part; a code point where it was the last. */
export function continueCharacter({ from, missing }: Partial, byte: number): Partial | number {
  const bits = ((from >> (6 * missing)) << 6) | (byte & 0x3f);
  return missing === 1 ? bits : partial(bits, missing - 1, 0x80, 0xbf);
}

function partial(bits: number, missing: number, low: number, high: number): Partial {
  const below = 6 * (missing - 1);
  const first = (bits << 6) | (low & 0x3f);
  const last = (bits << 6) | (high & 0x3f);
  return { from: first << below, to: ((last + 1) << below) - 1, missing, low, high };
}
