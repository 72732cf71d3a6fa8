import { AT_FDCWD } from './file-descriptor.js';
import { errnoNumber } from './errno.js';
import { check, libc, orNegativeErrno } from './libc.js';
import { KernelError } from './errors.js';

/** A file was opened. */
export const FAN_OPEN = 0x20;
/** A file was opened to be executed. */
export const FAN_OPEN_EXEC = 0x1000;
/** Permission to open a file. */
export const FAN_OPEN_PERM = 0x10000;
/** Permission to read a file. */
export const FAN_ACCESS_PERM = 0x20000;
/** Permission to open a file in order to execute it. Not part of the headers' FAN_ALL_PERM_EVENTS before 6.2. */
export const FAN_OPEN_EXEC_PERM = 0x40000;
/** Permission to touch the content of a file (6.14, pre-content class). */
export const FAN_PRE_ACCESS = 0x100000;
/** Events on directories as well. */
export const FAN_ONDIR = 0x40000000;
/** The queue was full and events were lost: the kernel allowed what it could not queue. */
export const FAN_Q_OVERFLOW = 0x4000;
/** Every event that waits for an answer. */
export const FAN_PERMISSION_EVENTS: number =
  FAN_OPEN_PERM | FAN_ACCESS_PERM | FAN_OPEN_EXEC_PERM | FAN_PRE_ACCESS;

const CLASSES = { notification: 0x0, content: 0x4, 'pre-content': 0x8 } as const;
const FAN_CLOEXEC = 0x1;
const FAN_NONBLOCK = 0x2;
const FAN_UNLIMITED_QUEUE = 0x10;
const FAN_UNLIMITED_MARKS = 0x20;
const FAN_REPORT_TID = 0x100;

const FAN_MARK_ADD = 0x1;
const FAN_MARK_REMOVE = 0x2;
const FAN_MARK_IGNORED_MASK = 0x20;
const FAN_MARK_IGNORED_SURV_MODIFY = 0x40;
const FAN_MARK_FLUSH = 0x80;
const FAN_MARK_FILESYSTEM = 0x100;
const FAN_MARK_MOUNT = 0x10;
const FAN_MARK_EVICTABLE = 0x200;

const O_CLOEXEC = 0o2000000;
const O_LARGEFILE_X86_64 = 0o100000;
const O_LARGEFILE_ARM64 = 0o400000;

/** How a fanotify group is opened. */
export interface FanotifyOptions {
  /** Which events can be had: permission events need `content` or `pre-content`. By default `content`. */
  readonly class?: keyof typeof CLASSES;
  /** Report the thread, not the process. By default true. */
  readonly reportTid?: boolean;
  /** No limit on queued events; with a limit an overflow lets operations through. By default true. */
  readonly unlimitedQueue?: boolean;
  /** No limit on marks. By default true. */
  readonly unlimitedMarks?: boolean;
  /** Reads do not wait. By default true. */
  readonly nonBlocking?: boolean;
}

/** Opens a fanotify group. */
export function openFanotify(options: FanotifyOptions = {}): number {
  const flags =
    FAN_CLOEXEC |
    CLASSES[options.class ?? 'content'] |
    flag(options.reportTid, FAN_REPORT_TID) |
    flag(options.unlimitedQueue, FAN_UNLIMITED_QUEUE) |
    flag(options.unlimitedMarks, FAN_UNLIMITED_MARKS) |
    flag(options.nonBlocking, FAN_NONBLOCK);
  const largeFile = process.arch === 'arm64' ? O_LARGEFILE_ARM64 : O_LARGEFILE_X86_64;
  return check(libc().fanotify_init(flags, O_CLOEXEC | largeFile), 'fanotify_init', `flags ${hex(flags)}`);
}

function flag(isSet: boolean | undefined, value: number): number {
  return isSet === false ? 0 : value;
}

/** Adds or removes a mark on the whole file system that holds `target`, a path or a directory descriptor. */
export function markFilesystem(
  fd: number,
  mask: number,
  target: number | string,
  action: 'add' | 'remove',
): void {
  mark(fd, FAN_MARK_FILESYSTEM, mask, target, action);
}

/** Adds or removes a mark on one mount; another mount of the same file system is not covered. */
export function markMount(fd: number, mask: number, target: number | string, action: 'add' | 'remove'): void {
  mark(fd, FAN_MARK_MOUNT, mask, target, action);
}

/** Adds or removes a mark on one file or directory. */
export function markInode(fd: number, mask: number, target: number | string, action: 'add' | 'remove'): void {
  mark(fd, 0, mask, target, action);
}

function mark(
  fd: number,
  kind: number,
  mask: number,
  target: number | string,
  action: 'add' | 'remove',
): void {
  const flags = kind | (action === 'add' ? FAN_MARK_ADD : FAN_MARK_REMOVE);
  const result = markTarget(fd, flags, mask, target);
  if (result < 0) {
    throw KernelError.fromErrno(result, 'fanotify_mark', `${action} ${hex(mask)} on ${target}`);
  }
}

// A NULL path marks what the descriptor is, but not for O_PATH descriptors (those of fsmount and open_tree among
// them), which are refused as EBADF; a directory can then be named as "." below itself.
function markTarget(fd: number, flags: number, mask: number, target: number | string): number {
  if (typeof target === 'string')
    return orNegativeErrno(libc().fanotify_mark(fd, flags, mask, AT_FDCWD, target));
  const result = orNegativeErrno(libc().fanotify_mark(fd, flags, mask, target, null));
  return result === NEG_EBADF ? orNegativeErrno(libc().fanotify_mark(fd, flags, mask, target, '.')) : result;
}

const IGNORE = FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY;
const NEG_EBADF = -errnoNumber('EBADF');
const NEG_EINVAL = -errnoNumber('EINVAL');

/**
 * Stops events of one inode, for everyone, until the marks are flushed: 0, or -errno. The mark does not pin the
 * inode where the kernel can do that (5.19); before, it does and the memory stays until the flush.
 */
export function ignoreInode(fd: number, mask: number, target: number | string): number {
  const result = markTarget(fd, IGNORE | FAN_MARK_EVICTABLE, mask, target);
  return result === NEG_EINVAL ? markTarget(fd, IGNORE, mask, target) : result;
}

/** Drops every inode mark of a group, which are the ignore marks when only file systems are marked otherwise. */
export function flushInodeMarks(fd: number): void {
  check(
    libc().fanotify_mark(fd, FAN_MARK_FLUSH, 0, AT_FDCWD, null),
    'fanotify_mark',
    `flush inodes of ${fd}`,
  );
}

/** Drops every file system mark of a group. */
export function flushFilesystemMarks(fd: number): void {
  const flags = FAN_MARK_FLUSH | FAN_MARK_FILESYSTEM;
  check(libc().fanotify_mark(fd, flags, 0, AT_FDCWD, null), 'fanotify_mark', `flush file systems of ${fd}`);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
