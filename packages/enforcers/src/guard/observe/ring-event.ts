/** The head of every record in the guard's ring: `struct guard_event`. */
export interface GuardEvent {
  readonly timeNs: bigint;
  readonly exe: bigint;
  readonly parentExe: bigint;
  readonly kind: number;
  readonly workload: number;
  readonly ruleSetId: number;
  readonly cell: number;
  readonly tid: number;
  readonly tgid: number;
  readonly uid: number;
  readonly hasTty: boolean;
  readonly parentPid: number;
  readonly innerPid: number;
}

/** `struct guard_socket_event`, without its head. */
export interface SocketEvent {
  readonly operation: number;
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
  readonly port: number;
  readonly address: string;
  /** Names the socket for as long as it lives; 0 while it is being created. */
  readonly cookie: bigint;
}

/** `struct guard_syscall_event`, without its head. */
export interface SyscallEvent {
  readonly syscall: number;
  readonly isCompat: boolean;
  readonly args: readonly bigint[];
  readonly strings: readonly [string, string];
}

const AF_INET6 = 10;
const HEAD = 64;
const NAME_BYTES = 256;
const PATH_BYTES = 1024;

/** Decodes the head of a record. */
export function decodeEvent(view: DataView, at: number): GuardEvent {
  return {
    timeNs: view.getBigUint64(at, true),
    exe: view.getBigUint64(at + 8, true),
    parentExe: view.getBigUint64(at + 16, true),
    kind: view.getUint32(at + 24, true),
    workload: view.getUint32(at + 28, true),
    ruleSetId: view.getUint32(at + 32, true),
    cell: view.getUint32(at + 36, true),
    tid: view.getUint32(at + 40, true),
    tgid: view.getUint32(at + 44, true),
    uid: view.getUint32(at + 48, true),
    hasTty: view.getUint32(at + 52, true) !== 0,
    parentPid: view.getUint32(at + 56, true),
    innerPid: view.getUint32(at + 60, true),
  };
}

/** Decodes the rest of a socket record. */
export function decodeSocketEvent(view: DataView, at: number): SocketEvent {
  const family = view.getUint32(at + HEAD + 4, true);
  return {
    operation: view.getUint32(at + HEAD, true),
    family,
    type: view.getUint32(at + HEAD + 8, true),
    protocol: view.getUint32(at + HEAD + 12, true),
    port: view.getUint32(at + HEAD + 16, true),
    address: family === AF_INET6 ? ipv6(view, at + HEAD + 20) : ipv4(view, at + HEAD + 20),
    cookie: view.getBigUint64(at + HEAD + 40, true),
  };
}

/** Decodes the rest of an exec record: the program's last name. */
export function decodeExecEvent(view: DataView, at: number): { readonly name: string } {
  return { name: text(view, at + HEAD, NAME_BYTES) };
}

/** Decodes the rest of a system call record. */
export function decodeSyscallEvent(view: DataView, at: number): SyscallEvent {
  const args = [0, 1, 2, 3, 4, 5].map((index) => view.getBigUint64(at + HEAD + 16 + index * 8, true));
  const strings = at + HEAD + 64;
  return {
    syscall: view.getUint32(at + HEAD, true),
    isCompat: view.getUint32(at + HEAD + 4, true) !== 0,
    args,
    strings: [text(view, strings, PATH_BYTES), text(view, strings + PATH_BYTES, PATH_BYTES)],
  };
}

function text(view: DataView, at: number, maxBytes: number): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset + at, maxBytes);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? maxBytes : end);
}

function ipv4(view: DataView, at: number): string {
  return [0, 1, 2, 3].map((index) => view.getUint8(at + index)).join('.');
}

function ipv6(view: DataView, at: number): string {
  const groups = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => view.getUint16(at + index * 2).toString(16));
  // The longest run of zero groups is written as "::" (RFC 5952).
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort(
    (a, b) => b[0].length - a[0].length,
  );
  const run = runs[0];
  if (run === undefined) return groups.join(':');
  const all = groups.join(':');
  const before = all.slice(0, run.index);
  const after = all.slice(run.index + run[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
