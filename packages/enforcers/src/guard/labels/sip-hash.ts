const MASK = 0xffff_ffff_ffff_ffffn;

/** A key that nobody outside knows: without it two texts with the same hash cannot be found. */
export interface HashKey {
  readonly first: bigint;
  readonly second: bigint;
}

/** SipHash-2-4 (Aumasson and Bernstein, 2012), as lib/hash.h computes it. */
export function sipHash(key: HashKey, bytes: Uint8Array): bigint {
  const state = new SipState(key);
  const whole = bytes.length - (bytes.length % 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 8) state.take(view.getBigUint64(at, true));
  let last = BigInt(bytes.length & 0xff) << 56n;
  for (let at = whole; at < bytes.length; at++) last |= BigInt(view.getUint8(at)) << BigInt(8 * (at - whole));
  state.take(last);
  return state.finish();
}

class SipState {
  #v0: bigint;
  #v1: bigint;
  #v2: bigint;
  #v3: bigint;

  constructor({ first, second }: HashKey) {
    this.#v0 = first ^ 0x736f6d6570736575n;
    this.#v1 = second ^ 0x646f72616e646f6dn;
    this.#v2 = first ^ 0x6c7967656e657261n;
    this.#v3 = second ^ 0x7465646279746573n;
  }

  take(word: bigint): void {
    this.#v3 ^= word;
    this.#round();
    this.#round();
    this.#v0 ^= word;
  }

  finish(): bigint {
    this.#v2 ^= 0xffn;
    for (let round = 0; round < 4; round++) this.#round();
    return this.#v0 ^ this.#v1 ^ this.#v2 ^ this.#v3;
  }

  #round(): void {
    this.#v0 = (this.#v0 + this.#v1) & MASK;
    this.#v1 = rotated(this.#v1, 13n) ^ this.#v0;
    this.#v0 = rotated(this.#v0, 32n);
    this.#v2 = (this.#v2 + this.#v3) & MASK;
    this.#v3 = rotated(this.#v3, 16n) ^ this.#v2;
    this.#v0 = (this.#v0 + this.#v3) & MASK;
    this.#v3 = rotated(this.#v3, 21n) ^ this.#v0;
    this.#v2 = (this.#v2 + this.#v1) & MASK;
    this.#v1 = rotated(this.#v1, 17n) ^ this.#v2;
    this.#v2 = rotated(this.#v2, 32n);
  }
}

function rotated(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}
