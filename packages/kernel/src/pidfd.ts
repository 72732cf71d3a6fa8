import { check, libc, orNegativeErrno } from './libc.js';

// These numbers are above 423, where all architectures share one table.
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;
const SYS_PIDFD_GETFD = 438;

/** A descriptor for a process, which cannot come to mean another process: a descriptor, or -errno (-ESRCH when gone). */
export function pidfdOpen(pid: number): number {
  return orNegativeErrno(libc().syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0, 0, 0));
}

/** Duplicates a descriptor of another process into this one. */
export function pidfdGetfd(pidfd: number, targetFd: number): number {
  const context = `descriptor ${targetFd} of pidfd ${pidfd}`;
  return check(libc().syscall(SYS_PIDFD_GETFD, pidfd, targetFd, 0, 0, 0, 0), 'pidfd_getfd', context);
}

/** Sends a signal to the process of a pidfd: 0, or -errno (-ESRCH when it has ended). */
export function pidfdSendSignal(pidfd: number, signal: number): number {
  return orNegativeErrno(libc().syscall(SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0, 0, 0));
}
