import { COMPARED_BYTES } from '../layout.js';
import { sipHash, type HashKey } from './sip-hash.js';

const CHUNK_BYTES = 256;
const MAX_DEPTH = 64;

/** Computes, under a key that stays between the guard and its kernel programs, what lib/exec.h compares. */
export class ExecHash {
  readonly #key: HashKey;

  constructor(key: HashKey) {
    this.#key = key;
  }

  /** Hash of a path within its file system (latin1), from its last name up. */
  path(inFileSystem: string): bigint {
    const names = inFileSystem.split('/').filter((name) => name !== '');
    return names
      .reverse()
      .slice(0, MAX_DEPTH)
      .reduce((hash, name) => this.#chunk(hash, bytesOf(name).subarray(0, CHUNK_BYTES - 1)), 0n);
  }

  /** Hash of an argument block, 0 for one that is longer than what is compared. */
  arguments(block: Uint8Array): bigint {
    if (block.length > COMPARED_BYTES) return 0n;
    let hash = 0n;
    for (let at = 0; at < block.length; at += CHUNK_BYTES) {
      hash = this.#chunk(hash, block.subarray(at, at + CHUNK_BYTES));
    }
    return hash;
  }

  /** Hash of the beginning of a file name (latin1) as it was given to execve. */
  fileName(name: string): bigint {
    return this.#chunk(0n, bytesOf(name).subarray(0, CHUNK_BYTES - 1));
  }

  // Each chunk is hashed under a key that depends on what came before.
  #chunk(before: bigint, bytes: Uint8Array): bigint {
    return sipHash({ first: this.#key.first ^ before, second: this.#key.second }, bytes);
  }
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
