import { constants } from 'node:os';

/** A process that ended by a signal has this plus the signal's number as its status, as in a shell. */
const SIGNAL_BASE = 128;

/** The status to end with when a command ended with a code or by a signal. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  if (signal !== null) return SIGNAL_BASE + constants.signals[signal];
  return code ?? 0;
}
