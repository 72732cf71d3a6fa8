import { BpfMap } from './bpf-map.js';
import { duplicate } from './file-descriptor.js';
import { checkBpf, libbpf } from './libbpf.js';

const BPF_F_NO_PREALLOC = 1;

/** A map of a BPF object: adjusted before the object is loaded, opened afterwards. */
export class BpfObjectMap {
  readonly name: string;
  readonly #handle: bigint;

  constructor(handle: bigint) {
    this.#handle = handle;
    this.name = libbpf().bpf_map__name(handle);
  }

  /** The map's descriptor, owned by the object, once the object is loaded. */
  get fd(): number {
    return checkBpf(libbpf().bpf_map__fd(this.#handle), 'bpf_map__fd', this.name);
  }

  /** Entries, or bytes of a ring buffer. */
  get maxEntries(): number {
    return libbpf().bpf_map__max_entries(this.#handle);
  }

  /** Opens the loaded map; what is returned has a descriptor of its own. */
  open(): BpfMap {
    return BpfMap.fromFd(duplicate(this.fd));
  }

  /** Sets how many entries the map has, or how many bytes a ring buffer. */
  setMaxEntries(entries: number): void {
    const result = libbpf().bpf_map__set_max_entries(this.#handle, entries);
    checkBpf(result, 'bpf_map__set_max_entries', `${this.name} to ${entries}`);
  }

  /** Takes memory for entries when they come, or for all of them at once. */
  setPreallocated(isPreallocated: boolean): void {
    const flags = libbpf().bpf_map__map_flags(this.#handle);
    const wanted = isPreallocated ? flags & ~BPF_F_NO_PREALLOC : flags | BPF_F_NO_PREALLOC;
    checkBpf(libbpf().bpf_map__set_map_flags(this.#handle, wanted), 'bpf_map__set_map_flags', this.name);
  }

  /** Sets the size of a value in bytes. */
  setValueSize(bytes: number): void {
    const result = libbpf().bpf_map__set_value_size(this.#handle, bytes);
    checkBpf(result, 'bpf_map__set_value_size', `${this.name} to ${bytes}`);
  }

  /** Decides whether loading creates the map at all. */
  setAutocreate(isCreated: boolean): void {
    const result = libbpf().bpf_map__set_autocreate(this.#handle, isCreated);
    checkBpf(result, 'bpf_map__set_autocreate', this.name);
  }

  /** Where loading pins the map; what is pinned there already is used instead of a new map. */
  setPinPath(path: string): void {
    checkBpf(
      libbpf().bpf_map__set_pin_path(this.#handle, path),
      'bpf_map__set_pin_path',
      `${this.name} at ${path}`,
    );
  }

  /** Uses an existing map instead of creating one; its descriptor is duplicated. */
  reuse(fd: number): void {
    checkBpf(libbpf().bpf_map__reuse_fd(this.#handle, fd), 'bpf_map__reuse_fd', `${this.name} with ${fd}`);
  }

  /** Gives a map of maps the template of its inner maps. */
  setInnerMap(fd: number): void {
    const result = libbpf().bpf_map__set_inner_map_fd(this.#handle, fd);
    checkBpf(result, 'bpf_map__set_inner_map_fd', `${this.name} with ${fd}`);
  }

  /** Pins the loaded map. */
  pin(path: string): void {
    checkBpf(libbpf().bpf_map__pin(this.#handle, path), 'bpf_map__pin', `${this.name} at ${path}`);
  }
}
