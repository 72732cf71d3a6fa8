import { posix } from 'node:path';
import { close, fstatx, open, openFlags, openInRoot, readlinkPath, StatxView } from '@kubearmor/kernel';
import type { BlockedCall } from './blocked-call.js';

const wanted = new StatxView();
const found = new StatxView();

/** The path given to execve, absolute in the workload's root, its last component not followed. */
export function requestedPath(call: BlockedCall, fileName: string, realPath: string): string {
  if (fileName === '') return realPath;
  const base = fileName.startsWith('/') ? taskRoot(call.tid) : directoryOf(call);
  if (base === undefined) return realPath;
  const path = fileName.startsWith('/') ? `${base === '/' ? '' : base}${fileName}` : `${base}/${fileName}`;
  return posix.normalize(path);
}

/** Whether a path, looked up from a task's own root, is the file of a descriptor. */
export function isInTaskRoot(tid: number, path: string, fd: number): boolean {
  const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
  const isAbsolute = path.startsWith('/');
  const base = open(`/proc/${tid}/${isAbsolute ? 'root' : 'cwd'}`, O_PATH | O_CLOEXEC | O_DIRECTORY);
  if (base < 0) return false;
  const target = openInRoot(base, path, O_PATH | O_CLOEXEC);
  close(base);
  if (target < 0) return false;
  const isSame = fstatx(target, wanted) === 0 && fstatx(fd, found) === 0 && isSameFile(wanted, found);
  close(target);
  return isSame;
}

function isSameFile(one: StatxView, other: StatxView): boolean {
  return one.dev === other.dev && one.inoLow === other.inoLow && one.inoHigh === other.inoHigh;
}

function taskRoot(tid: number): string | undefined {
  return readlinkPath(`/proc/${tid}/root`);
}

function directoryOf(call: BlockedCall): string | undefined {
  const { dirFd } = call;
  return readlinkPath(dirFd < 0 ? `/proc/${call.tid}/cwd` : `/proc/${call.tid}/fd/${dirFd}`);
}

