import { libc, orNegativeErrno } from './libc.js';

const SCHED_RR = 2;
const CALLING_THREAD = 0;

/**
 * Schedules the calling thread by SCHED_RR, before every thread of the ordinary classes: 0, or -errno (-EPERM without
 * CAP_SYS_NICE, or in a cgroup that has no real-time share). Threads that it starts are ordinary again.
 */
export function setRoundRobin(priority: number): number {
  const SCHED_RESET_ON_FORK = 0x40000000;
  const parameters = new Uint8Array(Int32Array.of(priority).buffer);
  return orNegativeErrno(
    libc().sched_setscheduler(CALLING_THREAD, SCHED_RR | SCHED_RESET_ON_FORK, parameters),
  );
}
