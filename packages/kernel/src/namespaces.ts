import { procPath } from './procfs.js';
import { readlinkPath } from './readlink.js';
import { close, open } from './file-descriptor.js';
import { check, libc } from './libc.js';
import { KernelError } from './errors.js';

export const CLONE_NEWTIME = 0x80;
export const CLONE_FS = 0x200;
export const CLONE_NEWNS = 0x20000;
export const CLONE_NEWCGROUP = 0x2000000;
export const CLONE_NEWUTS = 0x4000000;
export const CLONE_NEWIPC = 0x8000000;
export const CLONE_NEWUSER = 0x10000000;
export const CLONE_NEWPID = 0x20000000;
export const CLONE_NEWNET = 0x40000000;

/** The kinds of namespaces, as named under /proc/PID/ns. */
export type NamespaceKind = 'cgroup' | 'ipc' | 'mnt' | 'net' | 'pid' | 'time' | 'user' | 'uts';

const O_RDONLY_CLOEXEC = 0o2000000;

/**
 * unshare(2) for the calling thread, which in Node is one of several: mount namespaces then need CLONE_FS too
 * (the kernel adds it), and user namespaces are refused in a process with threads.
 */
export function unshare(flags: number): void {
  check(libc().unshare(flags), 'unshare', `flags 0x${flags.toString(16)}`);
}

/** setns(2) for the calling thread. A `kind` of 0 takes whatever the descriptor is. */
export function setns(fd: number, kind = 0): void {
  check(libc().setns(fd, kind), 'setns', `descriptor ${fd}`);
}

/** Opens a namespace of a process. */
export function openNamespace(pid: number | 'self' | 'thread-self', kind: NamespaceKind): number {
  const path = procPath(`${pid}/ns/${kind}`);
  const fd = open(path, O_RDONLY_CLOEXEC);
  if (fd < 0) throw KernelError.fromErrno(fd, 'open', path);
  return fd;
}

/** Runs something with the calling thread in another namespace, and brings it back. Nothing may wait in between. */
export function inNamespace<T>(
  pid: number,
  kind: Exclude<NamespaceKind, 'user' | 'pid' | 'mnt'>,
  run: () => T,
): T {
  const own = openNamespace('thread-self', kind);
  try {
    const other = openNamespace(pid, kind);
    try {
      setns(other);
    } finally {
      close(other);
    }
    try {
      return run();
    } finally {
      setns(own);
    }
  } finally {
    close(own);
  }
}

/** The inode number that names a namespace, such as 4026531836; undefined when the process is gone. */
export function namespaceInode(pid: number | 'self', kind: NamespaceKind): number | undefined {
  const target = readlinkPath(procPath(`${pid}/ns/${kind}`));
  const digits = target === undefined ? undefined : /\[(\d+)\]$/u.exec(target)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
