import { hostArchitecture } from './architecture.js';
import { check, libc } from './libc.js';
import { syscallNumber } from './syscalls.js';

/** Names the machine in the calling thread's UTS namespace. */
export function setHostname(name: string): void {
  const bytes = Buffer.from(name, 'utf8');
  const number = syscallNumber('sethostname', hostArchitecture());
  check(libc().syscallBufferFirst(number, bytes, bytes.length, 0), 'sethostname', name);
}
