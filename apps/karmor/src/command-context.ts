import type { Command } from 'commander';
import type { Output } from './output.js';

/** What commands get of their surroundings. */
export interface CommandContext {
  /** Every command there is. */
  readonly tree: Command;
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user or the system wants the command to end; from the first call on it is up to the command to do so. */
  readonly interrupted: () => AbortSignal;
}

/** A command: gets its arguments and its flags as the parser left them, and resolves to the status to exit with. */
export type RunCommand = (
  args: readonly string[],
  flags: unknown,
  context: CommandContext,
) => Promise<number>;
