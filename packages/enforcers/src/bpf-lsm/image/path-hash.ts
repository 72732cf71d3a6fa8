import { LIMITS } from '../layout.js';

const MASK = 0xffff_ffff_ffff_ffffn;
const MIX_FIRST = 0x9e3779b97f4a7c15n;
const MIX_SECOND = 0xc2b2ae3d27d4eb4fn;
const MIX_THIRD = 0xd6e8feb86659fd93n;
const EXACT_TAG = 0x94d049bb133111ebn;

/** Names entries as bpf/lib/match/hash.h does, with secret keys of one rule set. */
export class PathHash {
  readonly keys: Uint32Array;
  readonly #keys: readonly bigint[];

  constructor(keys: Uint32Array) {
    this.keys = keys;
    this.#keys = Array.from(keys.subarray(0, LIMITS.keys), BigInt);
  }

  /** Of an exact path. */
  path(path: string): bigint {
    const bytes = Buffer.from(path);
    return this.#tag(bytes, bytes.length) ^ EXACT_TAG;
  }

  /** Of a directory, with the slash at its end. */
  directory(dir: string): bigint {
    const bytes = Buffer.from(dir);
    return this.#tag(bytes, bytes.length - 1);
  }

  /** Of a last component. */
  name(name: string): bigint {
    const bytes = Buffer.from(name);
    return this.#tag(bytes, bytes.length);
  }

  /** Of a file by its device and inode, with what it is asked about. */
  file(device: number, inode: bigint, about: number): bigint {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(inode, 0);
    bytes.writeUInt32LE(device, 8);
    bytes.writeUInt32LE(about, 12);
    return this.#tag(bytes, bytes.length - 1);
  }

  /** As many words as hold `end` bytes and one more. */
  #tag(bytes: Buffer, end: number): bigint {
    const padded = Buffer.alloc((Math.floor(end / 8) + 1) * 8);
    bytes.copy(padded);
    let [first, second] = [0n, 0n];
    for (let at = 0; at < padded.length; at += 8) {
      const low = BigInt(padded.readUInt32LE(at));
      const high = BigInt(padded.readUInt32LE(at + 4));
      const key = (offset: number): bigint => this.#keys[at / 4 + offset] ?? 0n;
      first += half(low + key(0)) * half(high + key(1));
      second += half(low + key(2)) * half(high + key(3));
    }
    return (first * MIX_FIRST + second * MIX_SECOND) & MASK;
  }
}

/** What bloom and buckets are chosen by. */
export function mixTag(tag: bigint): bigint {
  return ((tag ^ (tag >> 29n)) * MIX_THIRD) & MASK;
}

/** Names what a reference is for a class of sources. */
export function overrideTag(ref: number, source: number): bigint {
  return (BigInt(ref) * MIX_FIRST + BigInt(source) * MIX_SECOND) & MASK;
}

function half(value: bigint): bigint {
  return value & 0xffff_ffffn;
}
