import { setTimeout as sleep } from 'node:timers/promises';
import { close, pidfdOpen, pidfdSendSignal, pollIn, readCmdline, readStat } from '@kubearmor/kernel';
import { z } from 'zod';

const SIGKILL = 9;
const SIGTERM = 15;
const LOOK_MS = 5;

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and its start. */
  readonly startTime: string;
}

/** How a {@link ProcessIdentity} is read from a file. */
export const identitySchema: z.ZodType<ProcessIdentity> = z.object({
  pid: z.number().int().positive(),
  startTime: z.string(),
});

/** Who a process is; undefined when it is gone. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  return { pid, startTime: String(stat.startTime) };
}

/** Whether a process still is there, stopped or not. */
export function isRunning(process: ProcessIdentity): boolean {
  return identify(process.pid)?.startTime === process.startTime;
}

/** Whether it runs one of our commands, such as `keeper`. */
export function runsCommand({ pid }: ProcessIdentity, command: string): boolean {
  return readCmdline(pid)?.includes(command) ?? false;
}

/** Ends a process, at once or after `patienceMs` in which it may end by itself; resolves when it is gone. */
export async function endProcess(process: ProcessIdentity, patienceMs = 0): Promise<void> {
  const pidfd = pidfdOpen(process.pid);
  if (pidfd < 0) return;
  try {
    if (!isRunning(process)) return;
    if (patienceMs > 0) {
      pidfdSendSignal(pidfd, SIGTERM);
      for (let waitedMs = 0; waitedMs < patienceMs && pollIn(pidfd, 0) === 0; waitedMs += LOOK_MS) {
        await sleep(LOOK_MS);
      }
    }
    pidfdSendSignal(pidfd, SIGKILL);
    while (pollIn(pidfd, 0) === 0) await sleep(LOOK_MS);
  } finally {
    close(pidfd);
  }
}
