import type { ChildProcess } from 'node:child_process';

/** How a process ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves when a child has ended. To be called in the same turn in which it was started. */
export function childEnd(child: ChildProcess): Promise<ChildEnd> {
  const { promise, resolve } = Promise.withResolvers<ChildEnd>();
  child.once('exit', (code, signal) => {
    resolve({ code, signal });
  });
  // Starting it failed; whoever needs its pid says so.
  child.once('error', () => {
    resolve({ code: null, signal: null });
  });
  return promise;
}
