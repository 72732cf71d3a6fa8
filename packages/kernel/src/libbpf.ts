import koffi, { type LibraryHandle } from 'koffi';
import { KernelError } from './errors.js';
import { type Bytes, type Integer64, libc, loadLibrary, type Pointer } from './libc.js';

/** A buffer, an address or NULL. */
export type Memory = Bytes | Pointer;

/** Functions about whole objects: one `bpf_object` is one opened file. */
export interface LibbpfObjects {
  bpf_object__open_file(path: string, options: Memory): Pointer;
  bpf_object__load(object: Pointer): number;
  bpf_object__close(object: Pointer): void;
  bpf_object__btf(object: Pointer): Pointer;
  bpf_object__find_program_by_name(object: Pointer, name: string): Pointer;
  bpf_object__next_program(object: Pointer, previous: Pointer): Pointer;
  bpf_object__find_map_by_name(object: Pointer, name: string): Pointer;
  bpf_object__next_map(object: Pointer, previous: Pointer): Pointer;
  btf__raw_data(btf: Pointer, size: Bytes): Pointer;
}

/** Functions about a map of an object, most of them before it is loaded. */
export interface LibbpfObjectMaps {
  bpf_map__fd(map: Pointer): number;
  bpf_map__name(map: Pointer): string;
  bpf_map__max_entries(map: Pointer): number;
  bpf_map__set_max_entries(map: Pointer, entries: number): number;
  bpf_map__set_map_flags(map: Pointer, flags: number): number;
  bpf_map__map_flags(map: Pointer): number;
  bpf_map__set_value_size(map: Pointer, size: number): number;
  bpf_map__set_autocreate(map: Pointer, isCreated: boolean): number;
  bpf_map__set_pin_path(map: Pointer, path: string | null): number;
  bpf_map__set_inner_map_fd(map: Pointer, fd: number): number;
  bpf_map__reuse_fd(map: Pointer, fd: number): number;
  bpf_map__pin(map: Pointer, path: string | null): number;
  bpf_map__set_initial_value(map: Pointer, data: Bytes, size: number): number;
  bpf_map__initial_value(map: Pointer, size: Bytes): Pointer;
}

/** Functions about a program of an object. */
export interface LibbpfPrograms {
  bpf_program__fd(program: Pointer): number;
  bpf_program__name(program: Pointer): string;
  bpf_program__section_name(program: Pointer): string;
  bpf_program__insn_cnt(program: Pointer): Integer64;
  bpf_program__set_autoload(program: Pointer, isLoaded: boolean): number;
  bpf_program__set_attach_target(program: Pointer, fd: number, name: string | null): number;
  bpf_program__pin(program: Pointer, path: string): number;
  bpf_program__attach(program: Pointer): Pointer;
  bpf_program__attach_raw_tracepoint(program: Pointer, name: string): Pointer;
  bpf_program__attach_cgroup(program: Pointer, cgroupFd: number): Pointer;
  bpf_prog_test_run_opts(fd: number, options: Bytes): number;
}

/** Functions about links. */
export interface LibbpfLinks {
  bpf_link__open(path: string): Pointer;
  bpf_link__fd(link: Pointer): number;
  bpf_link__pin(link: Pointer, path: string): number;
  bpf_link__unpin(link: Pointer): number;
  bpf_link__update_program(link: Pointer, program: Pointer): number;
  bpf_link__detach(link: Pointer): number;
  bpf_link__destroy(link: Pointer): number;
}

/** Functions about maps by descriptor, and about pins. */
export interface LibbpfMaps {
  bpf_map_create(
    type: number,
    name: string | null,
    key: number,
    value: number,
    max: number,
    o: Memory,
  ): number;
  bpf_map_lookup_elem(fd: number, key: Bytes, value: Bytes): number;
  bpf_map_lookup_and_delete_elem(fd: number, key: Bytes, value: Bytes): number;
  bpf_map_update_elem(fd: number, key: Bytes, value: Bytes, flags: Integer64): number;
  bpf_map_update_batch(fd: number, keys: Bytes, values: Bytes, count: Bytes, options: Memory): number;
  bpf_map_delete_elem(fd: number, key: Bytes): number;
  bpf_map_get_next_key(fd: number, key: Memory, next: Bytes): number;
  bpf_map_freeze(fd: number): number;
  bpf_map_get_fd_by_id(id: number): number;
  bpf_obj_get(path: string): number;
  bpf_obj_pin(fd: number, path: string): number;
  bpf_obj_get_info_by_fd(fd: number, info: Bytes, length: Bytes): number;
  libbpf_num_possible_cpus(): number;
}

/** The functions of libbpf that we call, under their C names: int results are -errno, NULL leaves errno. */
export interface Libbpf extends LibbpfObjects, LibbpfObjectMaps, LibbpfPrograms, LibbpfLinks, LibbpfMaps {
  libbpf_set_print(callback: Pointer): Pointer;
}

/** The version of libbpf that was found. */
export interface LibbpfVersion {
  readonly major: number;
  readonly minor: number;
}

const NEEDED: LibbpfVersion = { major: 0, minor: 8 };
const LEVEL_INFO = 1;
const STRICT_ALL = 0xffff_ffff;
const NAMES = ['libbpf.so.1', 'libbpf.so.0'] as const;

let bound: Libbpf | undefined;

/** libbpf, loaded at the first call. Throws LIBRARY_MISSING or LIBBPF_TOO_OLD. */
export function libbpf(): Libbpf {
  return (bound ??= bind());
}

/** The version of the libbpf that this machine has. */
export function libbpfVersion(): LibbpfVersion {
  return versionOf(loadEither());
}

/** Passes a result of libbpf through, or throws its -errno. */
export function checkBpf(result: number, call: string, context: string): number {
  if (result < 0) throw KernelError.fromErrno(result, call, context);
  return result;
}

/** Passes a pointer of libbpf through, or throws errno for NULL. */
export function checkPointer(pointer: Pointer, call: string, context: string): bigint {
  if (pointer === null) throw KernelError.fromErrno(koffi.errno(), call, context);
  return pointer;
}

function loadEither(): LibraryHandle {
  try {
    return loadLibrary(NAMES[0]);
  } catch (error) {
    try {
      return loadLibrary(NAMES[1]);
    } catch {
      throw KernelError.from(error, NAMES[0]);
    }
  }
}

function versionOf(library: LibraryHandle): LibbpfVersion {
  try {
    const major: () => number = library.func('uint libbpf_major_version()');
    const minor: () => number = library.func('uint libbpf_minor_version()');
    return { major: major(), minor: minor() };
  } catch {
    return { major: 0, minor: 0 };
  }
}

function bind(): Libbpf {
  const library = loadEither();
  const { major, minor } = versionOf(library);
  if (major < NEEDED.major || (major === NEEDED.major && minor < NEEDED.minor)) {
    const found = major === 0 && minor === 0 ? 'one older than 0.6' : `${major}.${minor}`;
    throw new KernelError(
      'LIBBPF_TOO_OLD',
      `libbpf: expected ${NEEDED.major}.${NEEDED.minor} or later, got ${found}`,
    );
  }
  // Before 1.0 errors are encoded in pointers unless asked otherwise; since 1.0 the call does nothing.
  const setStrictMode: (mode: number) => number = library.func('int libbpf_set_strict_mode(uint mode)');
  setStrictMode(STRICT_ALL);
  const calls: Libbpf = {
    ...bindObjects(library),
    ...bindObjectMaps(library),
    ...bindPrograms(library),
    ...bindLinks(library),
    ...bindMaps(library),
    libbpf_set_print: library.func('void *libbpf_set_print(void *callback)'),
  };
  calls.libbpf_set_print(null);
  return calls;
}

function bindObjects(library: LibraryHandle): LibbpfObjects {
  return {
    bpf_object__open_file: library.func('void *bpf_object__open_file(const char *path, void *options)'),
    bpf_object__load: library.func('int bpf_object__load(void *object)'),
    bpf_object__close: library.func('void bpf_object__close(void *object)'),
    bpf_object__btf: library.func('void *bpf_object__btf(void *object)'),
    bpf_object__find_program_by_name: library.func(
      'void *bpf_object__find_program_by_name(void *object, const char *name)',
    ),
    bpf_object__next_program: library.func('void *bpf_object__next_program(void *object, void *previous)'),
    bpf_object__find_map_by_name: library.func(
      'void *bpf_object__find_map_by_name(void *object, const char *name)',
    ),
    bpf_object__next_map: library.func('void *bpf_object__next_map(void *object, void *previous)'),
    btf__raw_data: library.func('void *btf__raw_data(void *btf, void *size)'),
  };
}

function bindObjectMaps(library: LibraryHandle): LibbpfObjectMaps {
  return {
    bpf_map__fd: library.func('int bpf_map__fd(void *map)'),
    bpf_map__name: library.func('const char *bpf_map__name(void *map)'),
    bpf_map__max_entries: library.func('uint bpf_map__max_entries(void *map)'),
    bpf_map__set_max_entries: library.func('int bpf_map__set_max_entries(void *map, uint entries)'),
    bpf_map__set_map_flags: library.func('int bpf_map__set_map_flags(void *map, uint flags)'),
    bpf_map__map_flags: library.func('uint bpf_map__map_flags(void *map)'),
    bpf_map__set_value_size: library.func('int bpf_map__set_value_size(void *map, uint size)'),
    bpf_map__set_autocreate: library.func('int bpf_map__set_autocreate(void *map, bool isCreated)'),
    bpf_map__set_pin_path: library.func('int bpf_map__set_pin_path(void *map, const char *path)'),
    bpf_map__set_inner_map_fd: library.func('int bpf_map__set_inner_map_fd(void *map, int fd)'),
    bpf_map__reuse_fd: library.func('int bpf_map__reuse_fd(void *map, int fd)'),
    bpf_map__pin: library.func('int bpf_map__pin(void *map, const char *path)'),
    bpf_map__set_initial_value: library.func(
      'int bpf_map__set_initial_value(void *map, void *data, size_t size)',
    ),
    bpf_map__initial_value: library.func('void *bpf_map__initial_value(void *map, void *size)'),
  };
}

function bindPrograms(library: LibraryHandle): LibbpfPrograms {
  return {
    bpf_program__fd: library.func('int bpf_program__fd(void *program)'),
    bpf_program__name: library.func('const char *bpf_program__name(void *program)'),
    bpf_program__section_name: library.func('const char *bpf_program__section_name(void *program)'),
    bpf_program__insn_cnt: library.func('size_t bpf_program__insn_cnt(void *program)'),
    bpf_program__set_autoload: library.func('int bpf_program__set_autoload(void *program, bool isLoaded)'),
    bpf_program__set_attach_target: library.func(
      'int bpf_program__set_attach_target(void *program, int fd, const char *name)',
    ),
    bpf_program__pin: library.func('int bpf_program__pin(void *program, const char *path)'),
    bpf_program__attach: library.func('void *bpf_program__attach(void *program)'),
    bpf_program__attach_raw_tracepoint: library.func(
      'void *bpf_program__attach_raw_tracepoint(void *program, const char *name)',
    ),
    bpf_program__attach_cgroup: library.func('void *bpf_program__attach_cgroup(void *program, int cgroupFd)'),
    bpf_prog_test_run_opts: library.func('int bpf_prog_test_run_opts(int fd, void *options)'),
  };
}

function bindLinks(library: LibraryHandle): LibbpfLinks {
  return {
    bpf_link__open: library.func('void *bpf_link__open(const char *path)'),
    bpf_link__fd: library.func('int bpf_link__fd(void *link)'),
    bpf_link__pin: library.func('int bpf_link__pin(void *link, const char *path)'),
    bpf_link__unpin: library.func('int bpf_link__unpin(void *link)'),
    bpf_link__update_program: library.func('int bpf_link__update_program(void *link, void *program)'),
    bpf_link__detach: library.func('int bpf_link__detach(void *link)'),
    bpf_link__destroy: library.func('int bpf_link__destroy(void *link)'),
  };
}

function bindMaps(library: LibraryHandle): LibbpfMaps {
  return {
    bpf_map_create: library.func(
      'int bpf_map_create(int type, const char *name, uint key, uint value, uint max, void *options)',
    ),
    bpf_map_lookup_elem: library.func('int bpf_map_lookup_elem(int fd, void *key, void *value)'),
    bpf_map_lookup_and_delete_elem: library.func(
      'int bpf_map_lookup_and_delete_elem(int fd, void *key, void *value)',
    ),
    bpf_map_update_elem: library.func(
      'int bpf_map_update_elem(int fd, void *key, void *value, uint64 flags)',
    ),
    bpf_map_update_batch: library.func(
      'int bpf_map_update_batch(int fd, void *keys, void *values, void *count, void *options)',
    ),
    bpf_map_delete_elem: library.func('int bpf_map_delete_elem(int fd, void *key)'),
    bpf_map_get_next_key: library.func('int bpf_map_get_next_key(int fd, void *key, void *next)'),
    bpf_map_freeze: library.func('int bpf_map_freeze(int fd)'),
    bpf_map_get_fd_by_id: library.func('int bpf_map_get_fd_by_id(uint id)'),
    bpf_obj_get: library.func('int bpf_obj_get(const char *path)'),
    bpf_obj_pin: library.func('int bpf_obj_pin(int fd, const char *path)'),
    bpf_obj_get_info_by_fd: library.func('int bpf_obj_get_info_by_fd(int fd, void *info, void *length)'),
    libbpf_num_possible_cpus: library.func('int libbpf_num_possible_cpus()'),
  };
}

/** Runs something with libbpf's messages collected into `lines` (debugging ones left out); they are dropped at all other times. */
export function withLibbpfLog<T>(lines: string[], run: () => T): T {
  const prototype = koffi.pointer(koffi.proto('int', ['int', 'void *', 'void *']));
  const callback = koffi.register((level: number, format: Pointer, list: Pointer) => {
    if (level <= LEVEL_INFO) lines.push(...formatMessage(format, list).split('\n'));
    return 0;
  }, prototype);
  libbpf().libbpf_set_print(callback);
  try {
    return run();
  } finally {
    libbpf().libbpf_set_print(null);
    koffi.unregister(callback);
  }
}

const text = new BigUint64Array(1);
const textBytes = new Uint8Array(text.buffer);

// A va_list argument is a pointer on both of our architectures, so it can be handed on as one.
function formatMessage(format: Pointer, list: Pointer): string {
  if (libc().vasprintf(textBytes, format, list) < 0) return '';
  const address = text[0] ?? 0n;
  const message = koffi.decode.string(address).trimEnd();
  libc().free(address);
  return message;
}
