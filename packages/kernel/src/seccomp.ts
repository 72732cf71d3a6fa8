import { hostArchitecture } from './architecture.js';
import { addressOf, check, libc } from './libc.js';
import { setNoNewPrivs } from './prctl.js';
import { actionValue, type SeccompAction } from './seccomp-filter.js';
import { syscallNumber } from './syscalls.js';

/** How a filter is installed. */
export interface SeccompInstallOptions {
  /** Set no_new_privs first; without it the thread needs CAP_SYS_ADMIN. By default true. */
  readonly noNewPrivs?: boolean;
  /** All threads of the process, not only the calling one. By default false. */
  readonly allThreads?: boolean;
  /** Have a descriptor on which `notify` actions arrive. By default false. */
  readonly listener?: boolean;
}

const SECCOMP_SET_MODE_FILTER = 1;
const SECCOMP_GET_ACTION_AVAIL = 2;
const FLAG_TSYNC = 0x1;
const FLAG_NEW_LISTENER = 0x8;
const FLAG_TSYNC_ESRCH = 0x10;

/** Puts a filter in force, for good. Returns the listener's descriptor if one was asked for, else 0. */
export function installSeccompFilter(program: Uint8Array, options: SeccompInstallOptions = {}): number {
  if (options.noNewPrivs !== false) setNoNewPrivs();
  const flags =
    (options.allThreads === true ? FLAG_TSYNC : 0) |
    (options.listener === true ? FLAG_NEW_LISTENER : 0) |
    // Together they would return either a thread id or a descriptor.
    (options.allThreads === true && options.listener === true ? FLAG_TSYNC_ESRCH : 0);
  // struct sock_fprog: a 16-bit count, then the pointer at 8.
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt16LE(program.length / 8, 0);
  descriptor.writeBigUInt64LE(addressOf(program), 8);
  const number = syscallNumber('seccomp', hostArchitecture());
  const result = libc().syscallBufferThird(number, SECCOMP_SET_MODE_FILTER, flags, descriptor, 0);
  return check(result, 'seccomp', `filter of ${program.length / 8} instructions`);
}

/** Whether the kernel knows an action. */
export function hasSeccompAction(action: SeccompAction): boolean {
  const value = new Uint8Array(new Uint32Array([actionValue(action) & 0xffff_0000]).buffer);
  const number = syscallNumber('seccomp', hostArchitecture());
  return libc().syscallBufferThird(number, SECCOMP_GET_ACTION_AVAIL, 0, value, 0) === 0;
}
