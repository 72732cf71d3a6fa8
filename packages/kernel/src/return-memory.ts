import { libc } from './libc.js';

const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;
const M_ARENA_MAX = -8;

/** From how many bytes on memory that is freed goes back to the system at once. */
const LARGE_BYTES = 64 * 1024;
const ARENAS = 2;

/**
 * Lets the process give memory back that it used in a burst: by default glibc keeps what it has once got, for each thread
 * apart. Does nothing with a libc that has no such settings.
 */
export function returnFreedMemory(): void {
  for (const [parameter, value] of [
    [M_MMAP_THRESHOLD, LARGE_BYTES],
    [M_TRIM_THRESHOLD, 2 * LARGE_BYTES],
    [M_ARENA_MAX, ARENAS],
  ] as const) {
    libc().mallopt(parameter, value);
  }
}

/** Gives back what lies free between what is in use. */
export function trimMemory(): void {
  libc().malloc_trim(0);
}
