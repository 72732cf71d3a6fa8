/** What one case does, as a program would ask the kernel for it. */
export type CorpusOperation =
  | ExecRequest
  | OpenRequest
  | TwoPathRequest
  | PathRequest
  | SocketRequest
  | DeviceRequest
  | CapabilityRequest
  | { readonly do: 'dns'; readonly domain: string }
  | { readonly do: 'syscall'; readonly syscall: string; readonly path?: string }
  | { readonly do: 'preset'; readonly name: string };

/** `execve`. A path `memfd:NAME` or `(deleted) NAME` is a file without a name. */
export interface ExecRequest {
  readonly do: 'exec';
  readonly path: string;
  readonly cwd: string;
  readonly argv: readonly string[];
}

/** Flags of `open`, without `O_` and in lower case; `rdonly`, `wronly` or `rdwr` is always there. */
export type OpenFlag = (typeof openFlags)[number];

/** All flags that the corpus may use. */
export const openFlags = [
  'rdonly',
  'wronly',
  'rdwr',
  'creat',
  'excl',
  'trunc',
  'append',
  'directory',
  'tmpfile',
] as const;

/** `open`. */
export interface OpenRequest {
  readonly do: 'open';
  readonly path: string;
  readonly flags: readonly OpenFlag[];
  /** The command line of a subject that is a dynamic loader: itself, what it runs, and the arguments of that. */
  readonly argv?: readonly string[];
}

/** `rename` and `link`. */
export interface TwoPathRequest {
  readonly do: 'rename' | 'link';
  readonly from: string;
  readonly to: string;
}

/** Calls that change one name, or the attributes or size of what it names. */
export type PathCall = (typeof pathCalls)[number];

/** All calls that the corpus may make on one path. */
export const pathCalls = [
  'unlink',
  'mkdir',
  'rmdir',
  'truncate',
  'chmod',
  'chown',
  'symlink',
  'mknod',
] as const;

/** One of {@link PathCall}. `mknod` makes a pipe, `truncate` cuts to nothing. */
export interface PathRequest {
  readonly do: PathCall;
  readonly path: string;
  /** What a symbolic link is to point to. */
  readonly target: string;
  /** For `chmod`, and for what is made. */
  readonly mode: number;
  /** For `chown`. */
  readonly owner: number;
}

/** Families of sockets that the corpus knows. */
export const socketFamilies = ['inet', 'inet6', 'unix', 'netlink', 'packet'] as const;

/** Types of sockets that the corpus knows. */
export const socketTypes = ['stream', 'dgram', 'raw', 'rdm', 'seqpacket', 'dccp', 'packet'] as const;

/** Uses of a socket that are judged. */
export const socketCalls = ['socket', 'connect', 'bind', 'listen', 'send'] as const;

/** A use of a socket. What it is sent or connected to is on the loopback, a port of the kernel's choice is bound. */
export interface SocketRequest {
  readonly do: (typeof socketCalls)[number];
  readonly family: (typeof socketFamilies)[number];
  readonly type: (typeof socketTypes)[number];
  /** As given to `socket`: 0 is the default of the type. */
  readonly protocol: number;
}

/** A use of a capability. */
export interface CapabilityRequest {
  readonly do: 'capability';
  readonly name: string;
  /** The kernel marks the check as not to be audited. */
  readonly quiet: boolean;
}

/** A USB device that appears. */
export interface DeviceRequest {
  readonly do: 'device';
  readonly class: number;
  readonly subClass: number;
  readonly protocol: number;
  readonly level: number;
}
