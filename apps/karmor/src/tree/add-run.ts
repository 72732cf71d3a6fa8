import { RUN_HELP } from '../run/run-help.js';
import { RUN_OPTIONS } from '../run/run-options.js';
import type { AddCommand } from './tree-builder.js';

/** `run`, to be listed and completed: main.ts takes it before this is loaded, since it must start fast. */
export const addRun: AddCommand = (parent) => {
  const command = parent
    .command('run')
    .description('run a command in a scope of its own, protected from its first instruction')
    .argument('<command...>', 'what to run, behind --')
    .configureHelp({ formatHelp: () => RUN_HELP });
  for (const [name, option] of Object.entries(RUN_OPTIONS)) {
    if (name !== 'help') command.option(flagsOf(name, option));
  }
  return command;
};

function flagsOf(name: string, option: { readonly type: string; readonly short?: string }): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${name}${option.type === 'string' ? ' <value>' : ''}`;
}
