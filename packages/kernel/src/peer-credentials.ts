import { check, lastErrno, libc } from './libc.js';
import { errnoNumber, type ErrnoName } from './errno.js';
import { KernelError } from './errors.js';

/** Who connected to a unix socket, as of the moment when it did, in the ids of this process's namespaces. */
export interface PeerCredentials {
  /** 0 when the peer is in a PID namespace that this process does not see. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SO_PEERPIDFD = 77;
const UCRED_BYTES = 12;
const INT_BYTES = 4;
const NO_PIDFD: readonly ErrnoName[] = ['ENOPROTOOPT', 'ESRCH', 'EINVAL', 'ENODATA'];

/** Asks the kernel who is on the other side of a connected unix socket. */
export function peerCredentials(fd: number): PeerCredentials {
  const ucred = Buffer.alloc(UCRED_BYTES);
  check(getOption(fd, SO_PEERCRED, ucred), 'getsockopt', `SO_PEERCRED ${fd}`);
  return { pid: ucred.readInt32LE(0), uid: ucred.readUInt32LE(4), gid: ucred.readUInt32LE(8) };
}

/**
 * A descriptor of the process on the other side, which cannot come to mean another process. The caller closes it.
 * Undefined where the kernel has no such thing (before 6.5) or the process is gone.
 */
export function peerPidfd(fd: number): number | undefined {
  const value = Buffer.alloc(INT_BYTES);
  if (getOption(fd, SO_PEERPIDFD, value) === 0) return value.readInt32LE(0);
  const errno = lastErrno();
  if (NO_PIDFD.some((name) => errnoNumber(name) === errno)) return undefined;
  throw KernelError.fromErrno(errno, 'getsockopt', `SO_PEERPIDFD ${fd}`);
}

function getOption(fd: number, name: number, value: Buffer): number {
  const length = Buffer.alloc(INT_BYTES);
  length.writeInt32LE(value.length);
  return libc().getsockopt(fd, SOL_SOCKET, name, value, length);
}
