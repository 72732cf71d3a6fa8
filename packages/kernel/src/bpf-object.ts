import { basename } from 'node:path';
import { BpfObjectMap } from './bpf-object-map.js';
import { BpfProgram } from './bpf-program.js';
import { type Btf, type BtfVariable, decodeBtf } from './btf.js';
import { KernelError } from './errors.js';
import { addressOf, lastErrno, viewOf } from './libc.js';
import { mmapShared, unmap } from './mmap.js';
import { checkPointer, libbpf, withLibbpfLog } from './libbpf.js';

/** How a BPF object is opened. */
export interface BpfObjectOptions {
  /** A BTF file to relocate against instead of /sys/kernel/btf/vmlinux. By default none. */
  readonly btfPath?: string;
  /** The directory for maps that ask for pinning by name. By default /sys/fs/bpf. */
  readonly pinRoot?: string;
}

/** What a global variable can be set to. */
export type GlobalValue = number | bigint | boolean | Uint8Array;

const LOG_LINES = 40;

/** A BPF object file: open, adjust, load, attach. It owns its maps and programs until it is closed. */
export class BpfObject {
  readonly path: string;
  #handle: bigint | null;
  #btf: Btf | undefined;
  #isLoaded = false;
  readonly #log: string[] = [];
  readonly #initial = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #mapped = new Map<string, Uint8Array<ArrayBuffer>>();

  private constructor(path: string, options: BpfObjectOptions) {
    this.path = path;
    const { bytes, keep } = openOptions(options);
    const opened = withLibbpfLog(this.#log, () => {
      const handle = libbpf().bpf_object__open_file(path, bytes);
      return { handle, errno: lastErrno() };
    });
    this.#handle = opened.handle;
    if (opened.handle === null) throw this.#failure('BPF_OPEN_FAILED', 'open', opened.errno);
    // The strings that the options point to must live until here.
    keep.length = 0;
  }

  /** Opens an object file without loading anything into the kernel. */
  static open(path: string, options: BpfObjectOptions = {}): BpfObject {
    return new BpfObject(path, options);
  }

  /** What libbpf and the verifier said so far. */
  get log(): readonly string[] {
    return this.#log;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The object's own types, for layouts of shared structs and places of global variables. */
  get btf(): Btf {
    return (this.#btf ??= decodeBtf(this.#rawBtf()));
  }

  /** Loads all maps and programs. A refusal throws BPF_LOAD_FAILED with the verifier's last lines. */
  load(): void {
    const handle = this.#open();
    const result = withLibbpfLog(this.#log, () => libbpf().bpf_object__load(handle));
    if (result < 0) throw this.#failure('BPF_LOAD_FAILED', 'load', -result);
    this.#isLoaded = true;
  }

  /** A program by its C name. */
  findProgram(name: string): BpfProgram {
    const handle = libbpf().bpf_object__find_program_by_name(this.#open(), name);
    if (handle === null) throw this.#notFound('program', name);
    return new BpfProgram(handle);
  }

  /** Every program, in the order of the file. */
  programs(): readonly BpfProgram[] {
    const found: BpfProgram[] = [];
    const object = this.#open();
    let handle = libbpf().bpf_object__next_program(object, null);
    while (handle !== null) {
      found.push(new BpfProgram(handle));
      handle = libbpf().bpf_object__next_program(object, handle);
    }
    return found;
  }

  /** A map by its C name, or a section of variables such as `.rodata`. */
  findMap(name: string): BpfObjectMap {
    return new BpfObjectMap(this.#mapHandle(name));
  }

  /** Every map, those of variables included. */
  maps(): readonly BpfObjectMap[] {
    const found: BpfObjectMap[] = [];
    const object = this.#open();
    let handle = libbpf().bpf_object__next_map(object, null);
    while (handle !== null) {
      found.push(new BpfObjectMap(handle));
      handle = libbpf().bpf_object__next_map(object, handle);
    }
    return found;
  }

  /** Sets a global variable (`const volatile` or not) by its C name, before loading. */
  setGlobal(name: string, value: GlobalValue): void {
    if (this.#isLoaded)
      throw new KernelError('ARGUMENT_INVALID', `${this.#where()}: ${name} is set after loading`);
    const variable = this.#variable(name);
    const bytes = encodeGlobal(value, variable, this.#where());
    this.section(variable.section).set(bytes, variable.offset);
  }

  /** A global variable's bytes where they are: before loading the initial value, afterwards (except in .rodata) the live one. */
  global(name: string): Uint8Array {
    const variable = this.#variable(name);
    return this.section(variable.section).subarray(variable.offset, variable.offset + variable.sizeBytes);
  }

  /**
   * The memory of a section of variables: before loading what the variables start with, afterwards the kernel's own
   * (read-only for .rodata). Empty once the object is closed.
   */
  section(name: string): Uint8Array {
    const views = this.#isLoaded ? this.#mapped : this.#initial;
    const known = views.get(name);
    if (known !== undefined) return known;
    const initial = this.#initialValue(name);
    // libbpf maps the loaded sections only for its generated skeletons, so we do it here.
    const view = this.#isLoaded
      ? mmapShared(this.findMap(name).fd, initial.length, { readOnly: name.startsWith('.rodata') })
      : initial;
    views.set(name, view);
    return view;
  }

  /** Closes the object: what is not pinned and not attached by a link of its own goes away. Does nothing the second time. */
  close(): void {
    const handle = this.#handle;
    if (handle === null) return;
    this.#handle = null;
    // Detach, so that a late reader finds nothing instead of unmapped memory.
    for (const view of this.#initial.values()) view.buffer.transfer();
    for (const view of this.#mapped.values()) unmap(view);
    libbpf().bpf_object__close(handle);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): bigint {
    if (this.#handle === null) throw new KernelError('CLOSED', `${this.#where()}: used after close`);
    return this.#handle;
  }

  #mapHandle(name: string): bigint {
    const handle = libbpf().bpf_object__find_map_by_name(this.#open(), name);
    if (handle === null) throw this.#notFound('map', name);
    return handle;
  }

  #initialValue(name: string): Uint8Array<ArrayBuffer> {
    const size = new BigUint64Array(1);
    const address = libbpf().bpf_map__initial_value(this.#mapHandle(name), new Uint8Array(size.buffer));
    const start = checkPointer(address, 'bpf_map__initial_value', `${this.#where()} ${name}`);
    return viewOf(start, Number(size[0] ?? 0n));
  }

  #variable(name: string): BtfVariable {
    const variable = this.btf.variables.find((candidate) => candidate.name === name);
    if (variable === undefined) throw this.#notFound('global variable', name);
    return variable;
  }

  #rawBtf(): Uint8Array {
    const btf = libbpf().bpf_object__btf(this.#open());
    if (btf === null) throw this.#notFound('section', '.BTF');
    const size = new Uint32Array(1);
    const address = libbpf().btf__raw_data(btf, new Uint8Array(size.buffer));
    // A copy: libbpf frees its own with the object.
    return viewOf(checkPointer(address, 'btf__raw_data', this.#where()), size[0] ?? 0).slice();
  }

  #notFound(what: string, name: string): KernelError {
    return new KernelError('BPF_NOT_FOUND', `${this.#where()}: expected a ${what} ${name}, found none`);
  }

  #failure(code: 'BPF_OPEN_FAILED' | 'BPF_LOAD_FAILED', step: string, errno: number): KernelError {
    const cause = KernelError.fromErrno(errno, `bpf_object__${step}`, this.path);
    const lines = this.#log.filter((line) => line !== '').slice(-LOG_LINES);
    return new KernelError(code, [cause.message, ...lines].join('\n'), {
      errno,
      syscall: cause.syscall,
      cause,
    });
  }

  #where(): string {
    return `object ${basename(this.path)}`;
  }
}

function encodeGlobal(value: GlobalValue, variable: BtfVariable, where: string): Uint8Array {
  if (value instanceof Uint8Array) {
    if (value.length === variable.sizeBytes) return value;
    throw sizeMismatch(variable, value.length, where);
  }
  if (variable.sizeBytes > 8) throw sizeMismatch(variable, 8, where);
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, BigInt.asIntN(64, BigInt(value)), true);
  return new Uint8Array(bytes.buffer, 0, variable.sizeBytes);
}

function sizeMismatch(variable: BtfVariable, got: number, where: string): KernelError {
  const expected = `expected ${variable.sizeBytes} bytes for ${variable.name}, got ${got}`;
  return new KernelError('SIZE_MISMATCH', `${where}: ${expected}`);
}

// struct bpf_object_open_opts: sz, object_name, relaxed_maps, pin_root_path, (hole), kconfig, btf_custom_path.
const OPEN_OPTIONS_SIZE = 56;
const PIN_ROOT_OFFSET = 24;
const BTF_PATH_OFFSET = 48;

function openOptions(options: BpfObjectOptions): { readonly bytes: Uint8Array; readonly keep: Uint8Array[] } {
  const bytes = Buffer.alloc(OPEN_OPTIONS_SIZE);
  const keep: Uint8Array[] = [];
  const putString = (offset: number, text: string | undefined): void => {
    if (text === undefined) return;
    const memory = Buffer.from(`${text}\0`);
    keep.push(memory);
    bytes.writeBigUInt64LE(addressOf(memory), offset);
  };
  bytes.writeBigUInt64LE(BigInt(OPEN_OPTIONS_SIZE), 0);
  putString(PIN_ROOT_OFFSET, options.pinRoot);
  putString(BTF_PATH_OFFSET, options.btfPath);
  return { bytes, keep };
}
