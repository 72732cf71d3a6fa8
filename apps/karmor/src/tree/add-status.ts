import { agentOptions } from './agent-options.js';
import { examples } from './examples.js';
import type { AddCommand } from './tree-builder.js';

/** `status`. */
export const addStatus: AddCommand = (parent, deps) => {
  const command = parent
    .command('status')
    .description('show what the agent protects, with what, what it cannot, and what was dropped')
    .option('--json', "the agent's whole answer");
  agentOptions(command).addHelpText(
    'after',
    examples('karmor status', "karmor status --json | jq '.workloads[].name'"),
  );
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/status.js')).statusCommand, command),
  );
};
