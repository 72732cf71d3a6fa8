import { readFileSync } from 'node:fs';

/** Signals that are meant for the workload when the launching command gets them. */
export const FORWARDED_SIGNALS = [
  'SIGTERM',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
] as const;

/** One of {@link FORWARDED_SIGNALS}. */
export type ForwardedSignal = (typeof FORWARDED_SIGNALS)[number];

/** Where signals to this program come from; `process` is one. */
export interface SignalSource {
  on(signal: ForwardedSignal, listener: () => void): unknown;
  off(signal: ForwardedSignal, listener: () => void): unknown;
}

/** A terminal sends these to the whole foreground process group: the workload has them already. */
const FROM_TERMINAL: readonly ForwardedSignal[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

/** Passes signals on until disposed. */
export function forwardSignals(
  source: SignalSource,
  send: (signal: ForwardedSignal) => void,
  isForeground: () => boolean = isForegroundOfTerminal,
): Disposable {
  const listeners = FORWARDED_SIGNALS.map((signal) => {
    const listener = (): void => {
      if (!FROM_TERMINAL.includes(signal) || !isForeground()) send(signal);
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return {
    [Symbol.dispose]: () => {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    },
  };
}

function isForegroundOfTerminal(): boolean {
  return isForeground(readFileSync('/proc/self/stat', 'utf8'));
}

/** Whether a line of /proc/PID/stat is of a process in its terminal's foreground group. */
export function isForeground(stat: string): boolean {
  // The command, in parentheses, may hold anything; after it come state, parent, group, session, terminal and its group.
  const [, , group, , terminal, foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return terminal !== '0' && group === foregroundGroup;
}
