import { utf8 } from './utf8.js';

const blockBytes = 64;

/** SHA-256 of a text, in hex. In JavaScript because this package has neither Node nor a browser to ask. */
export function sha256(text: string): string {
  const bytes = pad(utf8(text));
  const state = initialState();
  for (let offset = 0; offset < bytes.byteLength; offset += blockBytes) {
    addBlock(state, new DataView(bytes.buffer, offset, blockBytes));
  }
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits. */
function pad(message: readonly number[]): Uint8Array<ArrayBuffer> {
  const length = Math.ceil((message.length + 9) / blockBytes) * blockBytes;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(length - 8, BigInt(message.length) * 8n);
  return bytes;
}

/** The constants are the fractions of square roots (state) and cube roots (rounds) of the first primes. */
function initialState(): Uint32Array {
  return Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
}

const primes = firstPrimes(64);
const roundConstants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

function firstPrimes(count: number): readonly number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}
