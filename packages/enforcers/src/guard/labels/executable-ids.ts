import { createHash } from 'node:crypto';
import type { BpfMap } from '@kubearmor/kernel';
import { encodeU64 } from '../layout.js';

const PATH_BYTES = 4096;
/** More names than this are remembered only while a task runs what they name. */
const MAX_NAMES = 8192;

/** Names executables by 64 bits, so that a label in the kernel can hold them; the names outlive the process in a pinned map. */
export class ExecutableIds {
  readonly #map: BpfMap;
  readonly #inUse: () => ReadonlySet<bigint>;
  readonly #idByPath = new Map<string, bigint>();
  readonly #pathById = new Map<bigint, string>();
  readonly #value = new Uint8Array(PATH_BYTES);

  /** `inUse` gives the ids that labels hold at this moment. */
  constructor(map: BpfMap, inUse: () => ReadonlySet<bigint>) {
    this.#map = map;
    this.#inUse = inUse;
  }

  /** The id of an executable's path, never 0. */
  idOf(path: string): bigint {
    const known = this.#idByPath.get(path);
    if (known !== undefined) return known;
    if (this.#idByPath.size >= MAX_NAMES) this.#forgetUnused();
    // Not a cheap hash: a workload chooses its paths, and equal ids would be equal sources.
    const id = createHash('sha256').update(path).digest().readBigUInt64LE(0) || 1n;
    this.#remember(id, path);
    this.#value.fill(0);
    this.#value.set(Buffer.from(path).subarray(0, PATH_BYTES - 1));
    this.#map.update(encodeU64(id), this.#value);
    return id;
  }

  /** The path behind an id; undefined for 0 and for what was never named. */
  pathOf(id: bigint): string | undefined {
    if (id === 0n) return undefined;
    const known = this.#pathById.get(id);
    if (known !== undefined) return known;
    if (!this.#map.lookup(encodeU64(id), this.#value)) return undefined;
    const end = this.#value.indexOf(0);
    const path = Buffer.from(this.#value.subarray(0, end < 0 ? PATH_BYTES : end)).toString('utf8');
    this.#remember(id, path);
    return path;
  }

  #remember(id: bigint, path: string): void {
    this.#idByPath.set(path, id);
    this.#pathById.set(id, path);
  }

  #forgetUnused(): void {
    const inUse = this.#inUse();
    for (const key of [...this.#map.keys()]) {
      const id = new DataView(key.buffer, key.byteOffset).getBigUint64(0, true);
      if (!inUse.has(id)) this.#map.delete(key);
    }
    for (const [path, id] of this.#idByPath) {
      if (inUse.has(id)) continue;
      this.#idByPath.delete(path);
      this.#pathById.delete(id);
    }
  }
}
