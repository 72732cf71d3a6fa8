import { hostArchitecture, type Architecture } from './architecture.js';

/** The flags of open(2), which differ between architectures. */
export interface OpenFlags {
  readonly O_ACCMODE: number;
  readonly O_RDONLY: number;
  readonly O_WRONLY: number;
  readonly O_RDWR: number;
  readonly O_CREAT: number;
  readonly O_EXCL: number;
  readonly O_NOCTTY: number;
  readonly O_TRUNC: number;
  readonly O_APPEND: number;
  readonly O_NONBLOCK: number;
  readonly O_DSYNC: number;
  readonly O_DIRECT: number;
  readonly O_LARGEFILE: number;
  readonly O_DIRECTORY: number;
  readonly O_NOFOLLOW: number;
  readonly O_NOATIME: number;
  readonly O_CLOEXEC: number;
  readonly O_SYNC: number;
  readonly O_PATH: number;
  /** Includes O_DIRECTORY, as in C: test it with `(flags & O_TMPFILE) === O_TMPFILE`. */
  readonly O_TMPFILE: number;
}

const SAME_EVERYWHERE = {
  O_ACCMODE: 0o3,
  O_RDONLY: 0o0,
  O_WRONLY: 0o1,
  O_RDWR: 0o2,
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_NOCTTY: 0o400,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_DSYNC: 0o10000,
  O_NOATIME: 0o1000000,
  O_CLOEXEC: 0o2000000,
  O_SYNC: 0o4010000,
  O_PATH: 0o10000000,
} as const;

const X86_64: OpenFlags = {
  ...SAME_EVERYWHERE,
  O_DIRECT: 0o40000,
  O_LARGEFILE: 0o100000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  O_TMPFILE: 0o20200000,
};

const ARM64: OpenFlags = {
  ...SAME_EVERYWHERE,
  O_DIRECTORY: 0o40000,
  O_NOFOLLOW: 0o100000,
  O_DIRECT: 0o200000,
  O_LARGEFILE: 0o400000,
  O_TMPFILE: 0o20040000,
};

/** The open flags of an architecture, by default the one of this process. */
export function openFlags(architecture: Architecture = hostArchitecture()): OpenFlags {
  return architecture === 'arm64' ? ARM64 : X86_64;
}
