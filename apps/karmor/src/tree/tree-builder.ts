import type { Command } from 'commander';
import type { RunCommand } from '../command-context.js';
import type { Output } from '../output.js';

/** What the tree of commands needs: without it, it can be described and not run. */
export interface TreeDependencies {
  /** Where help and complaints about the usage go. */
  readonly output: Pick<Output, 'print' | 'note' | 'complain'>;
  /** Runs a command that was asked for. */
  readonly invoke: (load: () => Promise<RunCommand>, command: Command) => Promise<void>;
}

/** Adds one command, or one with commands of its own, to the tree. */
export type AddCommand = (parent: Command, deps: TreeDependencies) => Command;
