import { readdirSync } from 'node:fs';

/** What this process takes of the machine. */
export interface ProcessSample {
  readonly residentBytes: number;
  readonly cpuSeconds: number;
  readonly openFiles: number;
  /** Seconds since 1970. */
  readonly startedAtSeconds: number;
}

const MICROSECONDS = 1e6;
const MILLISECONDS = 1e3;

/** Looks at this process. */
export function sampleProcess(): ProcessSample {
  const { user, system } = process.cpuUsage();
  return {
    residentBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / MICROSECONDS,
    openFiles: readdirSync('/proc/self/fd').length,
    startedAtSeconds: performance.timeOrigin / MILLISECONDS,
  };
}
