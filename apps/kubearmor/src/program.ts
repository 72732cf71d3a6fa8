import { CommanderError } from 'commander';
import { createTree } from './command-tree.js';
import { goFlags } from './config/go-flags.js';

/** Builds the command line; what it gives runs it and resolves to the exit status. */
export function createProgram(): (argv: readonly string[]) => Promise<number> {
  let status = 0;
  const program = createTree(async (load, options) => {
    status = await (await load()).run(options);
  });
  return async (argv) => {
    try {
      await program.parseAsync(goFlags(argv));
      return status;
    } catch (thrown) {
      return failed(thrown);
    }
  };
}

function failed(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'UNEXPECTED';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`kubearmor: ${code}: ${message}\n`);
  if (code === 'SETTING_INVALID') return 2;
  return 1;
}
