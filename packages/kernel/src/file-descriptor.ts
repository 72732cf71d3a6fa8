import { check, libc, orNegativeErrno } from './libc.js';

/** The directory descriptor that stands for the working directory. */
export const AT_FDCWD = -100;

const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const F_DUPFD_CLOEXEC = 1030;
const FD_CLOEXEC = 1;
const O_NONBLOCK = 0o4000;
const EFD_CLOEXEC_NONBLOCK = 0o2004000;

/** read(2): bytes read, 0 at the end, or -errno. */
export function read(fd: number, buffer: Uint8Array, length: number): number {
  return orNegativeErrno(libc().read(fd, buffer, length));
}

/** write(2): bytes written, or -errno. */
export function write(fd: number, buffer: Uint8Array, length: number): number {
  return orNegativeErrno(libc().write(fd, buffer, length));
}

/** pread(2): bytes read, 0 at the end, or -errno. */
export function pread(fd: number, buffer: Uint8Array, length: number, offset: number | bigint): number {
  return orNegativeErrno(libc().pread(fd, buffer, length, offset));
}

/** close(2): 0, or -errno. */
export function close(fd: number): number {
  return orNegativeErrno(libc().close(fd));
}

/** openat(2) from the working directory: a descriptor, or -errno. Flags as given: add O_CLOEXEC yourself. */
export function open(path: string, flags: number, mode = 0): number {
  return orNegativeErrno(libc().openat(AT_FDCWD, path, flags, mode));
}

/** openat(2): a descriptor, or -errno. */
export function openAt(dirFd: number, path: string, flags: number, mode = 0): number {
  return orNegativeErrno(libc().openat(dirFd, path, flags, mode));
}

/** Decides whether a descriptor is closed at exec. */
export function setCloseOnExec(fd: number, isClosed: boolean): void {
  const flags = check(libc().fcntl(fd, F_GETFD, 0), 'fcntl', `F_GETFD ${fd}`);
  const wanted = isClosed ? flags | FD_CLOEXEC : flags & ~FD_CLOEXEC;
  check(libc().fcntl(fd, F_SETFD, wanted), 'fcntl', `F_SETFD ${fd}`);
}

/** Decides whether reads and writes on a descriptor wait. */
export function setNonBlocking(fd: number, isNonBlocking: boolean): void {
  const flags = check(libc().fcntl(fd, F_GETFL, 0), 'fcntl', `F_GETFL ${fd}`);
  const wanted = isNonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  check(libc().fcntl(fd, F_SETFL, wanted), 'fcntl', `F_SETFL ${fd}`);
}

/** Duplicates a descriptor; the copy is closed at exec. */
export function duplicate(fd: number): number {
  return check(libc().fcntl(fd, F_DUPFD_CLOEXEC, 0), 'fcntl', `F_DUPFD_CLOEXEC ${fd}`);
}

/** Duplicates a descriptor onto a given number; the copy survives exec unless `isClosedOnExec`. */
export function duplicateTo(fd: number, newFd: number, isClosedOnExec = false): number {
  return check(libc().dup3(fd, newFd, isClosedOnExec ? 0o2000000 : 0), 'dup3', `${fd} to ${newFd}`);
}

/** A non-blocking eventfd: writing eight bytes to it wakes whoever polls it. */
export function createEventFd(): number {
  return check(libc().eventfd(0, EFD_CLOEXEC_NONBLOCK), 'eventfd', '');
}

const ONE = new Uint8Array(new BigUint64Array([1n]).buffer);

/** Wakes the poller of an eventfd: 8, or -errno. */
export function signalEventFd(fd: number): number {
  return write(fd, ONE, 8);
}
