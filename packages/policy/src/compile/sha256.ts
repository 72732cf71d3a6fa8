import { utf8 } from '../text/utf8.js';

const blockBytes = 64;
const wordBytes = 4;
const rounds = 64;

/** SHA-256 of a text, in hex. In JavaScript because this package has neither Node nor a browser to ask. */
export function sha256(text: string): string {
  const message = pad(utf8(text));
  const state = words(primes.slice(0, 8), Math.sqrt);
  for (let offset = 0; offset < message.byteLength; offset += blockBytes) {
    addBlock(state, expand(new DataView(message.buffer, offset, blockBytes)));
  }
  return [0, 1, 2, 3, 4, 5, 6, 7].map((index) => word(state, index).toString(16).padStart(8, '0')).join('');
}

/** FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits. */
function pad(message: readonly number[]): DataView<ArrayBuffer> {
  const length = Math.ceil((message.length + 9) / blockBytes) * blockBytes;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(length - 8, BigInt(message.length) * 8n);
  return view;
}

/** §6.2.2, step 1: the schedule of one block. */
function expand(block: DataView): DataView {
  const schedule = new DataView(new ArrayBuffer(rounds * wordBytes));
  for (let index = 0; index < rounds; index += 1) {
    setWord(schedule, index, index < 16 ? word(block, index) : scheduled(schedule, index));
  }
  return schedule;
}

function scheduled(schedule: DataView, index: number): number {
  const early = word(schedule, index - 15);
  const late = word(schedule, index - 2);
  const sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
  const sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
  return word(schedule, index - 16) + sigma0 + word(schedule, index - 7) + sigma1;
}

/** §6.2.2, steps 2 to 4. The eight working variables turn: `h` falls out, a new `a` comes in. */
function addBlock(state: DataView, schedule: DataView): void {
  let [a, b, c, d] = [word(state, 0), word(state, 1), word(state, 2), word(state, 3)];
  let [e, f, g, h] = [word(state, 4), word(state, 5), word(state, 6), word(state, 7)];
  for (let index = 0; index < rounds; index += 1) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + sum1 + choice + word(roundConstants, index) + word(schedule, index)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e] = [g, f, e, (d + first) | 0];
    [d, c, b, a] = [c, b, a, (first + sum0 + majority) | 0];
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) {
    setWord(state, index, word(state, index) + value);
  }
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

function word(view: DataView, index: number): number {
  return view.getUint32(index * wordBytes);
}

function setWord(view: DataView, index: number, value: number): void {
  view.setUint32(index * wordBytes, value | 0);
}

/** The constants: fractions of the square roots (state) and cube roots (rounds) of the first primes. */
function words(of: readonly number[], root: (prime: number) => number): DataView {
  const view = new DataView(new ArrayBuffer(of.length * wordBytes));
  for (const [index, prime] of of.entries()) setWord(view, index, Math.floor((root(prime) % 1) * 2 ** 32));
  return view;
}

function firstPrimes(count: number): readonly number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

const primes = firstPrimes(rounds);
const roundConstants = words(primes, Math.cbrt);
