import { close, errnoNumber, KernelError, open, openFlags, openInRoot } from '@kubearmor/kernel/launch';

/** Whether a path leads to something when a directory is taken for the root. Unknown counts as yes: kernels before 5.6 cannot tell. */
export function existsInRoot(root: string, path: string): boolean {
  const { O_PATH, O_CLOEXEC } = openFlags();
  const rootFd = open(root, O_PATH | O_CLOEXEC);
  if (rootFd < 0) throw KernelError.fromErrno(rootFd, 'open', root);
  const fd = openInRoot(rootFd, path, O_PATH | O_CLOEXEC);
  close(rootFd);
  if (fd >= 0) close(fd);
  return fd !== -errnoNumber('ENOENT');
}
