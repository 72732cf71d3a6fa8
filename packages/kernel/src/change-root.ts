import { hostArchitecture } from './architecture.js';
import { check, libc } from './libc.js';
import { syscallNumber } from './syscalls.js';

/** Makes an open directory the root of the calling thread; it then is the working directory too. */
export function changeRoot(directoryFd: number): void {
  const architecture = hostArchitecture();
  const fchdir = syscallNumber('fchdir', architecture);
  check(libc().syscall(fchdir, directoryFd, 0, 0, 0, 0, 0), 'fchdir', `descriptor ${directoryFd}`);
  const here = Buffer.from('.\0', 'latin1');
  const chroot = syscallNumber('chroot', architecture);
  check(libc().syscallBufferFirst(chroot, here, 0, 0), 'chroot', `descriptor ${directoryFd}`);
}
