import { errnoNumber } from './errno.js';
import { KernelError } from './errors.js';
import { close } from './file-descriptor.js';
import { checkBpf, libbpf } from './libbpf.js';

/** Update whether or not the key is there. */
export const BPF_ANY = 0;
/** Update only if the key is not there. */
export const BPF_NOEXIST = 1;
/** Update only if the key is there. */
export const BPF_EXIST = 2;

/** The map types that we create ourselves, by the kernel's numbers. */
export const BPF_MAP_TYPES = {
  hash: 1,
  array: 2,
  'percpu-hash': 5,
  'percpu-array': 6,
  'lpm-trie': 11,
  'array-of-maps': 12,
  'hash-of-maps': 13,
  'cgroup-storage': 19,
  'task-storage': 29,
  'ring-buffer': 27,
} as const;

const PER_CPU_TYPES: ReadonlySet<number> = new Set([5, 6, 10, 21]);
const NEG_ENOENT = -errnoNumber('ENOENT');

/** How a map is created without an object file. */
export interface BpfMapOptions {
  readonly type: keyof typeof BPF_MAP_TYPES;
  /** At most 15 bytes; longer names are cut by libbpf. By default none. */
  readonly name?: string;
  /** In bytes; 0 for a ring buffer. */
  readonly keySize: number;
  /** In bytes; 0 for a ring buffer. */
  readonly valueSize: number;
  /** Entries, or bytes of a ring buffer. */
  readonly maxEntries: number;
  /** BPF_F_* flags. By default 0. */
  readonly flags?: number;
}

/** A BPF map by its descriptor. It owns the descriptor. */
export class BpfMap {
  readonly fd: number;
  readonly type: number;
  readonly id: number;
  readonly name: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** The bytes that a value takes in user space: per-CPU maps have one slot per possible CPU, each rounded up to eight. */
  readonly valueBytes: number;

  private constructor(fd: number) {
    const info = readInfo(fd);
    this.fd = fd;
    this.type = info.readUInt32LE(0);
    this.id = info.readUInt32LE(4);
    this.keySize = info.readUInt32LE(8);
    this.valueSize = info.readUInt32LE(12);
    this.maxEntries = info.readUInt32LE(16);
    this.name = info.toString('latin1', 24, 40).replace(/\0.*$/su, '');
    this.valueBytes = PER_CPU_TYPES.has(this.type)
      ? Math.ceil(this.valueSize / 8) * 8 * possibleCpus()
      : this.valueSize;
  }

  /** Takes over a descriptor. */
  static fromFd(fd: number): BpfMap {
    return new BpfMap(fd);
  }

  /** Opens a map that is pinned in bpffs. */
  static openPinned(path: string): BpfMap {
    return new BpfMap(checkBpf(libbpf().bpf_obj_get(path), 'bpf_obj_get', path));
  }

  /** Creates a map. */
  static create(options: BpfMapOptions): BpfMap {
    const bytes = createOptions(options.flags ?? 0);
    const type = BPF_MAP_TYPES[options.type];
    const { keySize, valueSize, maxEntries } = options;
    const name = options.name ?? null;
    const fd = libbpf().bpf_map_create(type, name, keySize, valueSize, maxEntries, bytes);
    return new BpfMap(checkBpf(fd, 'bpf_map_create', `${options.type} ${options.name ?? ''}`));
  }

  /** Copies the value of a key into `value`; false when the key is not there. */
  lookup(key: Uint8Array, value: Uint8Array): boolean {
    this.#checkSizes(key, value);
    return this.#found(libbpf().bpf_map_lookup_elem(this.fd, key, value), 'bpf_map_lookup_elem');
  }

  /** Like {@link lookup}, and removes the key in the same step (hash maps since 5.14). */
  take(key: Uint8Array, value: Uint8Array): boolean {
    this.#checkSizes(key, value);
    return this.#found(
      libbpf().bpf_map_lookup_and_delete_elem(this.fd, key, value),
      'bpf_map_lookup_and_delete_elem',
    );
  }

  /** Sets the value of a key. */
  update(key: Uint8Array, value: Uint8Array, flags: number = BPF_ANY): void {
    checkBpf(this.tryUpdate(key, value, flags), 'bpf_map_update_elem', this.#context());
  }

  /** Sets the value of a key: 0, or -errno (-EEXIST under BPF_NOEXIST, -E2BIG when full). */
  tryUpdate(key: Uint8Array, value: Uint8Array, flags: number = BPF_ANY): number {
    this.#checkSizes(key, value);
    return libbpf().bpf_map_update_elem(this.fd, key, value, flags);
  }

  /** Sets many keys with one system call (5.6): keys and values lie one after another. Returns how many were set. */
  updateBatch(keys: Uint8Array, values: Uint8Array, count: number): number {
    const done = new Uint32Array([count]);
    const bytes = new Uint8Array(done.buffer);
    checkBpf(
      libbpf().bpf_map_update_batch(this.fd, keys, values, bytes, null),
      'bpf_map_update_batch',
      this.#context(),
    );
    return done[0] ?? 0;
  }

  /** Removes a key; false when it was not there. */
  delete(key: Uint8Array): boolean {
    this.#checkSizes(key);
    return this.#found(libbpf().bpf_map_delete_elem(this.fd, key), 'bpf_map_delete_elem');
  }

  /** Every key, each in memory of its own; keys that come or go meanwhile may or may not be seen. The one yielded may be deleted. */
  *keys(): Generator<Uint8Array, void, undefined> {
    let next = this.#nextKey(undefined);
    while (next !== undefined) {
      const key = next;
      // Ask before yielding: after a deletion of the current key the kernel would start over.
      next = this.#nextKey(key);
      yield key;
    }
  }

  /** Every key with its value. */
  *entries(): Generator<readonly [key: Uint8Array, value: Uint8Array], void, undefined> {
    for (const key of this.keys()) {
      const value = new Uint8Array(this.valueBytes);
      if (this.lookup(key, value)) yield [key, value];
    }
  }

  /** Forbids user space to write to the map. */
  freeze(): void {
    checkBpf(libbpf().bpf_map_freeze(this.fd), 'bpf_map_freeze', this.#context());
  }

  /** Pins the map in bpffs. */
  pin(path: string): void {
    checkBpf(libbpf().bpf_obj_pin(this.fd, path), 'bpf_obj_pin', `${this.name} at ${path}`);
  }

  /** Closes the descriptor; pins and programs keep the map alive. */
  close(): void {
    close(this.fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #nextKey(key: Uint8Array | undefined): Uint8Array | undefined {
    const next = new Uint8Array(this.keySize);
    const result = libbpf().bpf_map_get_next_key(this.fd, key ?? null, next);
    return this.#found(result, 'bpf_map_get_next_key') ? next : undefined;
  }

  #found(result: number, call: string): boolean {
    if (result === NEG_ENOENT) return false;
    checkBpf(result, call, this.#context());
    return true;
  }

  // The kernel takes the sizes from the map, so a shorter buffer would be read or written past its end.
  #checkSizes(key: Uint8Array, value?: Uint8Array): void {
    if (key.length < this.keySize) throw this.#tooShort('key', this.keySize, key.length);
    if (value !== undefined && value.length < this.valueBytes) {
      throw this.#tooShort('value', this.valueBytes, value.length);
    }
  }

  #tooShort(what: string, expected: number, got: number): KernelError {
    return new KernelError(
      'SIZE_MISMATCH',
      `${this.#context()}: expected a ${what} of ${expected} bytes, got ${got}`,
    );
  }

  #context(): string {
    return `map ${this.name === '' ? this.fd : this.name}`;
  }
}

/** The number of CPUs this machine can have: per-CPU values have a slot for each. */
export function possibleCpus(): number {
  return checkBpf(libbpf().libbpf_num_possible_cpus(), 'libbpf_num_possible_cpus', '');
}

const INFO_SIZE = 88;

function readInfo(fd: number): Buffer {
  const info = Buffer.alloc(INFO_SIZE);
  const length = new Uint8Array(new Uint32Array([INFO_SIZE]).buffer);
  checkBpf(libbpf().bpf_obj_get_info_by_fd(fd, info, length), 'bpf_obj_get_info_by_fd', `map ${fd}`);
  return info;
}

// struct bpf_map_create_opts: its own size, then btf ids, inner_map_fd, map_flags at 28.
function createOptions(flags: number): Uint8Array {
  const bytes = Buffer.alloc(48);
  bytes.writeBigUInt64LE(48n, 0);
  bytes.writeUInt32LE(flags, 28);
  return bytes;
}
