import { agentOptions } from './agent-options.js';
import { examples } from './examples.js';
import type { AddCommand } from './tree-builder.js';

/** `version`. */
export const addVersion: AddCommand = (parent, deps) => {
  const command = parent
    .command('version')
    .description('show the version, and that of the agent that runs')
    .option('--json', 'JSON');
  agentOptions(command).addHelpText('after', examples('karmor version'));
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/version.js')).versionCommand, command),
  );
};
