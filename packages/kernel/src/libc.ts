import koffi, { type LibraryHandle } from 'koffi';
import { KernelError } from './errors.js';

/** A native pointer; `null` is NULL. */
export type Pointer = bigint | null;

/** Memory that crosses into C for the time of one call. */
export type Bytes = Uint8Array;

/** A signed or unsigned 64-bit argument. */
export type Integer64 = number | bigint;

/** The functions of libc that we call, under their C names. A failure is -1 (or MAP_FAILED) with errno set. */
export interface Libc {
  read(fd: number, buffer: Bytes, length: number): number;
  write(fd: number, buffer: Bytes, length: number): number;
  pread(fd: number, buffer: Bytes, length: number, offset: Integer64): number;
  close(fd: number): number;
  openat(dirFd: number, path: string, flags: number, mode: number): number;
  fcntl(fd: number, command: number, argument: number): number;
  dup3(oldFd: number, newFd: number, flags: number): number;
  ftruncate(fd: number, length: Integer64): number;
  poll(fds: Bytes, count: number, timeoutMs: number): number;
  /** poll in a thread of libuv's. */
  pollLater(
    fds: Bytes,
    count: number,
    timeoutMs: number,
    done: (error: unknown, ready: number) => void,
  ): void;
  eventfd(initial: number, flags: number): number;
  readlinkat(dirFd: number, path: string, buffer: Bytes, length: number): number;
  statx(dirFd: number, path: string, flags: number, mask: number, buffer: Bytes): number;
  mmap(
    address: Pointer,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: Integer64,
  ): bigint;
  munmap(address: bigint, length: number): number;
  mallopt(parameter: number, value: number): number;
  malloc_trim(pad: number): number;
  memfd_create(name: string, flags: number): number;
  process_vm_readv(
    pid: number,
    local: Bytes,
    locals: number,
    remote: Bytes,
    remotes: number,
    flags: number,
  ): number;
  fanotify_init(flags: number, eventFlags: number): number;
  fanotify_mark(fd: number, flags: number, mask: Integer64, dirFd: number, path: string | null): number;
  mount(
    source: string | null,
    target: string,
    type: string | null,
    flags: Integer64,
    data: string | null,
  ): number;
  umount2(target: string, flags: number): number;
  unshare(flags: number): number;
  setns(fd: number, kind: number): number;
  prctl(option: number, a: Integer64, b: Integer64, c: Integer64, d: Integer64): number;
  kill(pid: number, signal: number): number;
  socket(domain: number, kind: number, protocol: number): number;
  connect(fd: number, address: Bytes, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Bytes, length: Bytes): number;
  sched_setscheduler(pid: number, policy: number, parameters: Bytes): number;
  getpagesize(): number;
  gettid(): number;
  /** Any system call with integers only. */
  syscall(
    number: number,
    a: Integer64,
    b: Integer64,
    c: Integer64,
    d: Integer64,
    e: Integer64,
    f: Integer64,
  ): number;
  /** Any system call whose second argument is memory, such as bpf(2) or landlock_create_ruleset's first through `address`. */
  syscallBuffer(number: number, a: Integer64, b: Bytes | null, c: Integer64, d: Integer64): number;
  /** Any system call whose first argument is memory. */
  syscallBufferFirst(number: number, a: Bytes | null, b: Integer64, c: Integer64): number;
  /** Any system call whose first two arguments are memory: capget, capset, lsm_list_modules. */
  syscallBuffers(number: number, a: Bytes, b: Bytes, c: Integer64): number;
  /** Any system call whose third argument is memory: seccomp, landlock_add_rule. */
  syscallBufferThird(number: number, a: Integer64, b: Integer64, c: Bytes | null, d: Integer64): number;
  /** Any system call that takes two paths: pivot_root. */
  syscallPaths(number: number, a: string, b: string): number;
  /** fsopen(2), which glibc has since 2.36 only, as the calls below. */
  fsopen(number: number, type: string, flags: number): number;
  fsconfig(
    number: number,
    fd: number,
    command: number,
    key: string | null,
    value: string | null,
    aux: number,
  ): number;
  move_mount(number: number, fromFd: number, from: string, toFd: number, to: string, flags: number): number;
  open_tree(number: number, dirFd: number, path: string, flags: number): number;
  /** Any system call of a directory, a path, memory and its size: openat2. */
  syscallPathBuffer(number: number, a: Integer64, b: string, c: Bytes, d: Integer64): number;
  vasprintf(out: Bytes, format: Pointer, list: Pointer): number;
  free(address: bigint): void;
}

let bound: Libc | undefined;

/** libc, bound at the first call so that importing this package loads nothing. */
export function libc(): Libc {
  return (bound ??= bind());
}

/** errno of the last libc call of this thread; read it before anything else is called. */
export function lastErrno(): number {
  return koffi.errno();
}

/** Passes a result through, or throws errno as a {@link KernelError}. */
export function check(result: number, syscall: string, context: string): number {
  if (result < 0) throw KernelError.fromErrno(koffi.errno(), syscall, context);
  return result;
}

/** Passes a result through, or returns -errno: for paths where throwing would be too slow. */
export function orNegativeErrno(result: number): number {
  return result < 0 ? -koffi.errno() : result;
}

/** The address of memory that C keeps beyond one call or reaches through a struct. The caller keeps the memory alive. */
export function addressOf(bytes: Bytes): bigint {
  return koffi.address(bytes);
}

/** A view of native memory. The caller keeps it mapped for as long as the view is used. */
export function viewOf(address: bigint, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(koffi.view(address, length));
}

/** Loads a shared library, or says which one is missing. */
export function loadLibrary(name: string): LibraryHandle {
  try {
    return koffi.load(name);
  } catch (error) {
    throw new KernelError(
      'LIBRARY_MISSING',
      `load ${name}: expected a shared library, the loader found none`,
      {
        cause: error,
      },
    );
  }
}

function bind(): Libc {
  const library = loadLibrary('libc.so.6');
  return {
    ...bindFiles(library),
    ...bindMemory(library),
    ...bindSystem(library),
    ...bindRawCalls(library),
  };
}

type FileCalls = Pick<
  Libc,
  | 'read'
  | 'write'
  | 'pread'
  | 'close'
  | 'openat'
  | 'fcntl'
  | 'dup3'
  | 'ftruncate'
  | 'poll'
  | 'pollLater'
  | 'eventfd'
  | 'readlinkat'
  | 'statx'
>;

function bindFiles(library: LibraryHandle): FileCalls {
  const poll = library.func('int poll(void *fds, ulong count, int timeoutMs)');
  return {
    read: library.func('int64 read(int fd, void *buffer, size_t length)'),
    write: library.func('int64 write(int fd, const void *buffer, size_t length)'),
    pread: library.func('int64 pread64(int fd, void *buffer, size_t length, int64 offset)'),
    close: library.func('int close(int fd)'),
    openat: library.func('int openat64(int dirFd, const char *path, int flags, uint mode)'),
    fcntl: library.func('int fcntl(int fd, int command, int64 argument)'),
    dup3: library.func('int dup3(int oldFd, int newFd, int flags)'),
    ftruncate: library.func('int ftruncate64(int fd, int64 length)'),
    poll,
    pollLater: poll.async,
    eventfd: library.func('int eventfd(uint initial, int flags)'),
    readlinkat: library.func('int64 readlinkat(int dirFd, const char *path, void *buffer, size_t length)'),
    statx: library.func('int statx(int dirFd, const char *path, int flags, uint mask, void *buffer)'),
  };
}

type MemoryCalls = Pick<
  Libc,
  'mmap' | 'munmap' | 'mallopt' | 'malloc_trim' | 'memfd_create' | 'process_vm_readv' | 'vasprintf' | 'free'
>;

function bindMemory(library: LibraryHandle): MemoryCalls {
  return {
    mmap: library.func(
      'void *mmap64(void *address, size_t length, int protection, int flags, int fd, int64 offset)',
    ),
    munmap: library.func('int munmap(void *address, size_t length)'),
    mallopt: library.func('int mallopt(int parameter, int value)'),
    malloc_trim: library.func('int malloc_trim(ulong pad)'),
    memfd_create: library.func('int memfd_create(const char *name, uint flags)'),
    process_vm_readv: library.func(
      'int64 process_vm_readv(int pid, void *local, ulong locals, void *remote, ulong remotes, ulong flags)',
    ),
    vasprintf: library.func('int vasprintf(void *out, void *format, void *list)'),
    free: library.func('void free(void *address)'),
  };
}

type SystemCalls = Pick<
  Libc,
  | 'fanotify_init'
  | 'fanotify_mark'
  | 'mount'
  | 'umount2'
  | 'unshare'
  | 'setns'
  | 'prctl'
  | 'kill'
  | 'socket'
  | 'connect'
  | 'getsockopt'
  | 'getpagesize'
  | 'sched_setscheduler'
  | 'gettid'
>;

function bindSystem(library: LibraryHandle): SystemCalls {
  return {
    fanotify_init: library.func('int fanotify_init(uint flags, uint eventFlags)'),
    fanotify_mark: library.func(
      'int fanotify_mark(int fd, uint flags, uint64 mask, int dirFd, const char *path)',
    ),
    mount: library.func(
      'int mount(const char *source, const char *target, const char *type, ulong flags, const char *data)',
    ),
    umount2: library.func('int umount2(const char *target, int flags)'),
    unshare: library.func('int unshare(int flags)'),
    setns: library.func('int setns(int fd, int kind)'),
    prctl: library.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)'),
    kill: library.func('int kill(int pid, int signal)'),
    socket: library.func('int socket(int domain, int kind, int protocol)'),
    connect: library.func('int connect(int fd, const void *address, uint length)'),
    getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    getpagesize: library.func('int getpagesize()'),
    sched_setscheduler: library.func('int sched_setscheduler(int pid, int policy, const void *parameters)'),
    gettid: library.func('int gettid()'),
  };
}

type RawCalls = Pick<
  Libc,
  | 'syscall'
  | 'syscallBuffer'
  | 'syscallBufferFirst'
  | 'syscallBuffers'
  | 'syscallBufferThird'
  | 'syscallPaths'
  | 'syscallPathBuffer'
  | 'fsopen'
  | 'fsconfig'
  | 'move_mount'
  | 'open_tree'
>;

// syscall(3) is variadic; on Linux both x86_64 and arm64 pass such integers and pointers as for any other function.
function bindRawCalls(library: LibraryHandle): RawCalls {
  const integer = 'int64';
  const memory = 'void *';
  const path = 'const char *';
  return {
    syscall: library.func('syscall', integer, [
      integer,
      integer,
      integer,
      integer,
      integer,
      integer,
      integer,
    ]),
    syscallBuffer: library.func('syscall', integer, [integer, integer, memory, integer, integer]),
    syscallBufferFirst: library.func('syscall', integer, [integer, memory, integer, integer]),
    syscallBuffers: library.func('syscall', integer, [integer, memory, memory, integer]),
    syscallBufferThird: library.func('syscall', integer, [integer, integer, integer, memory, integer]),
    syscallPaths: library.func('syscall', integer, [integer, path, path]),
    fsopen: library.func('syscall', integer, [integer, path, integer]),
    fsconfig: library.func('syscall', integer, [integer, integer, integer, path, path, integer]),
    move_mount: library.func('syscall', integer, [integer, integer, path, integer, path, integer]),
    open_tree: library.func('syscall', integer, [integer, integer, path, integer]),
    syscallPathBuffer: library.func('syscall', integer, [integer, integer, path, memory, integer]),
  };
}
