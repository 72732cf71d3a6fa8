import {
  closeOnExecFrom,
  resetSignal,
  setCloseOnExec,
  setOpenFileLimit,
  unblockSignals,
} from '@kubearmor/kernel/launch';

// Node ignores both; a program that inherits that does not end when its reader does.
const SIGPIPE = 13;
const SIGXFSZ = 25;
// The C library's own: by 32 it ends threads, which nobody does here; by 33 it changes the user of all threads.
const CANCEL = 32;
const FIRST_REAL_TIME = 34;
const LAST_REAL_TIME = 64;
const STDIO = [0, 1, 2] as const;

/** Undoes what Node does to its own process at start, so that the workload begins as if a shell had started it. */
export function restoreInheritedState(umask: number, openFileLimit: number | null): void {
  process.umask(umask);
  resetSignal(SIGPIPE);
  resetSignal(SIGXFSZ);
  // Nobody means to hand these on, and some parents leave them ignored.
  resetSignal(CANCEL);
  for (let signal = FIRST_REAL_TIME; signal <= LAST_REAL_TIME; signal++) resetSignal(signal);
  // SIGUSR1, by the flag that keeps it from opening a debugger; one that came meanwhile is the workload's.
  unblockSignals();
  if (openFileLimit !== null) setOpenFileLimit(openFileLimit);
  closeOnExecFrom(STDIO.length);
  for (const fd of STDIO) setCloseOnExec(fd, false);
}
