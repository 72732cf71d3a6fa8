import { hostArchitecture } from './architecture.js';
import { AT_FDCWD } from './file-descriptor.js';
import { check, libc } from './libc.js';
import { syscallNumber } from './syscalls.js';

const S_IFCHR = 0o020000;

/** mknod(2) of a character device. The process's umask applies to the mode. */
export function makeCharacterDevice(path: string, major: number, minor: number, mode: number): void {
  const bytes = Buffer.from(`${path}\0`, 'utf8');
  const number = syscallNumber('mknodat', hostArchitecture());
  // The kernel's old 16-bit encoding, which the numbers of the standard devices fit.
  const device = (major << 8) | minor;
  check(libc().syscallBuffer(number, AT_FDCWD, bytes, S_IFCHR | mode, device), 'mknodat', path);
}
