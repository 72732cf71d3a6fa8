import { Argument } from 'commander';
import { examples } from './examples.js';
import type { AddCommand } from './tree-builder.js';

/** `completion`. */
export const addCompletion: AddCommand = (parent, deps) => {
  const command = parent
    .command('completion')
    .description('print what makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples(
        'source <(karmor completion bash)',
        'karmor completion zsh > ~/.zfunc/_karmor',
        'karmor completion fish > ~/.config/fish/completions/karmor.fish',
      ),
    );
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/completion.js')).completionCommand, command),
  );
};
