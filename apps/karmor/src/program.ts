import { CommanderError } from 'commander';
import type { CommandContext } from './command-context.js';
import { explainFailure } from './explain-failure.js';
import { createTree } from './tree/create-tree.js';

const USAGE_STATUS = 2;

/** Runs a command line that is not `run`, and resolves to the status to exit with. Each command is loaded when it is asked for. */
export async function runProgram(
  args: readonly string[],
  context: Omit<CommandContext, 'tree'>,
): Promise<number> {
  let status = 0;
  const tree = createTree({
    output: context.output,
    invoke: async (load, command) => {
      const run = await load();
      // Of KubeArmor's client some flags stand before the command that they are for.
      const flags: Readonly<Record<string, unknown>> = command.optsWithGlobals();
      for (const name of ['kubeconfig', 'context']) {
        if (name in flags) context.output.note(`--${name} does not apply without Kubernetes`);
      }
      status = await run(command.args, flags, { ...context, tree });
    },
  });
  try {
    await tree.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    // Help that was asked for ends with 0; everything else that the parser ends with is a wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_STATUS;
    return explainFailure(error, context.output);
  }
}
