import { posix } from 'node:path';
import {
  AT_FDCWD,
  close,
  fstatx,
  open,
  openFlags,
  openInRoot,
  procPath,
  readlinkPath,
  StatxView,
} from '@kubearmor/kernel';

/** Names of what a task itself has: its executable, its descriptors. */
const OWN = /^\/(?:proc\/(?:self|thread-self)\/|dev\/(?=fd\/))(.+)$/;

const wanted = new StatxView();
const found = new StatxView();

/** A path that a task gave, absolute in the mount tree: relative to its root, its working directory or a descriptor. */
export function absolutePath(tid: number, dirFd: number, given: string): string {
  if (given.startsWith('/')) {
    const root = readlinkPath(procPath(`${tid}/root`)) ?? '/';
    return posix.normalize(`${root === '/' ? '' : root}${given}`);
  }
  const base = readlinkPath(dirFd < 0 ? procPath(`${tid}/cwd`) : procPath(`${tid}/fd/${dirFd}`));
  return posix.normalize(`${base ?? ''}/${given}`);
}

/** Whether a path, looked up as the task would, by default from its working directory, is the file of a descriptor. */
export function isInTaskRoot(tid: number, path: string, fd: number, dirFd: number = AT_FDCWD): boolean {
  const target = openAsTask(tid, path, dirFd);
  if (target < 0) return false;
  const isSame = fstatx(target, wanted) === 0 && fstatx(fd, found) === 0 && isSameFile(wanted, found);
  close(target);
  return isSame;
}

function openAsTask(tid: number, path: string, dirFd: number): number {
  const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
  // Whoever looks it up would find itself there.
  const own = OWN.exec(path)?.[1];
  if (own !== undefined) return open(procPath(`${tid}/${own}`), O_PATH | O_CLOEXEC);
  const start = path.startsWith('/') ? 'root' : dirFd < 0 ? 'cwd' : `fd/${dirFd}`;
  const base = open(procPath(`${tid}/${start}`), O_PATH | O_CLOEXEC | O_DIRECTORY);
  if (base < 0) return base;
  const target = openInRoot(base, path, O_PATH | O_CLOEXEC);
  close(base);
  return target;
}

function isSameFile(one: StatxView, other: StatxView): boolean {
  return one.dev === other.dev && one.inoLow === other.inoLow && one.inoHigh === other.inoHigh;
}
