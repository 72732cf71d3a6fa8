import { constants } from 'node:os';

/** A process that ended by a signal has this plus the signal's number as its status, as in a shell. */
const SIGNAL_BASE = 128;

/** The status to end with when a command ended with a code or by a signal. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  if (signal !== null) return SIGNAL_BASE + constants.signals[signal];
  // Node has no names for real-time signals: that one ended it is all that is known.
  return code ?? SIGNAL_BASE;
}
