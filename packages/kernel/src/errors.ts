import { errnoName, type ErrnoName } from './errno.js';

/** Failures that are ours, not an errno of the kernel. */
export type KernelFailure =
  /** An errno that the table does not know. */
  | 'ERRNO_UNKNOWN'
  /** libc.so.6 or libbpf.so.1 could not be loaded. */
  | 'LIBRARY_MISSING'
  /** libbpf is older than we need. */
  | 'LIBBPF_TOO_OLD'
  /** A BPF object could not be opened. */
  | 'BPF_OPEN_FAILED'
  /** The verifier or libbpf refused a BPF object; the message carries the last lines of the log. */
  | 'BPF_LOAD_FAILED'
  /** A map, program, variable or type is not in the BPF object. */
  | 'BPF_NOT_FOUND'
  /** A buffer given for a key, a value or a variable has the wrong size. */
  | 'SIZE_MISMATCH'
  /** BTF or another binary format could not be decoded. */
  | 'MALFORMED_DATA'
  /** The machine is neither x86_64 nor arm64. */
  | 'ARCHITECTURE_UNSUPPORTED'
  /** No unified cgroup hierarchy is mounted. */
  | 'CGROUP_UNAVAILABLE'
  /** A wait ended before what it waited for. */
  | 'TIMED_OUT'
  /** Something was used after it was closed. */
  | 'CLOSED'
  /** An argument that cannot be right. */
  | 'ARGUMENT_INVALID';

/** What a {@link KernelError} can be: an errno or one of our own failures. */
export type KernelErrorCode = ErrnoName | KernelFailure;

/** What else is known about a {@link KernelError}. */
export interface KernelErrorOptions {
  /** The errno, positive. By default 0: no errno is behind this error. */
  readonly errno?: number;
  /** The system call or library function that failed. By default empty. */
  readonly syscall?: string;
  /** The error behind this one. By default none. */
  readonly cause?: unknown;
}

/** A failure of the kernel, of libc or of libbpf. */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  readonly code: KernelErrorCode;
  readonly errno: number;
  readonly syscall: string;

  constructor(code: KernelErrorCode, message: string, options: KernelErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errno = options.errno ?? 0;
    this.syscall = options.syscall ?? '';
  }

  /** Turns an errno (either sign) into an error that names the call and what it was about. */
  static fromErrno(errno: number, syscall: string, context: string): KernelError {
    const positive = Math.abs(errno);
    const code = errnoName(positive) ?? 'ERRNO_UNKNOWN';
    const about = context === '' ? '' : ` ${context}`;
    return new KernelError(code, `${syscall}${about}: ${code} (errno ${positive})`, {
      errno: positive,
      syscall,
    });
  }

  /** Turns anything thrown into a {@link KernelError}, keeping it as the cause. */
  static from(thrown: unknown, context: string): KernelError {
    if (thrown instanceof KernelError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const code =
      thrown instanceof Error && 'errno' in thrown && typeof thrown.errno === 'number' ? thrown.errno : 0;
    const name = errnoName(code) ?? 'ERRNO_UNKNOWN';
    return new KernelError(name, `${context}: ${message}`, { errno: Math.abs(code), cause: thrown });
  }
}
