import { hostArchitecture } from './architecture.js';
import { check, libc } from './libc.js';

const SYS_RT_SIGACTION = { x86_64: 13, arm64: 134 } as const;
const SYS_RT_SIGPROCMASK = { x86_64: 14, arm64: 135 } as const;
const SIG_SETMASK = 2;
const SIGSET_BYTES = 8;

/** Gives a signal its default effect again. What a process ignores, the program that it executes ignores too. */
export function resetSignal(signal: number): void {
  // A struct sigaction of zeros is SIG_DFL without flags; 32 bytes hold it everywhere.
  const action = Buffer.alloc(32);
  const number = SYS_RT_SIGACTION[hostArchitecture()];
  check(libc().syscallBuffer(number, signal, action, 0, SIGSET_BYTES), 'rt_sigaction', `signal ${signal}`);
}

/** Lets all signals through to the calling thread. What a thread blocks, the program that it executes blocks too. */
export function unblockSignals(): void {
  const number = SYS_RT_SIGPROCMASK[hostArchitecture()];
  const none = Buffer.alloc(SIGSET_BYTES);
  check(libc().syscallBuffer(number, SIG_SETMASK, none, 0, SIGSET_BYTES), 'rt_sigprocmask', 'SIG_SETMASK');
}
