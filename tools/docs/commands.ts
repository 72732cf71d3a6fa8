import { createTree as createKarmor } from '../../apps/karmor/dist/tree/create-tree.js';
import { createTree as createKubearmor } from '../../apps/kubearmor/dist/command-tree.js';

type Command = ReturnType<typeof createKarmor>;

/** The commands of each program. */
export function createTrees(): { readonly karmor: Command; readonly kubearmor: Command } {
  const silent = { print: () => true, note: () => undefined, complain: () => undefined };
  return {
    karmor: createKarmor({ output: silent, invoke: () => Promise.resolve() }),
    kubearmor: createKubearmor(() => Promise.resolve()),
  };
}

/** The reference page of a program: the help of every command, as it prints it. */
export function renderCommands(tree: Command): string {
  return [`# ${tree.name()}`, '', 'Generated from the code.', '', ...sectionsOf(tree, '')].join('\n');
}

function sectionsOf(command: Command, parents: string): readonly string[] {
  const path = `${parents}${command.name()}`;
  const section = [`## ${path}`, '', '```text', helpOf(command), '```', ''];
  return [...section, ...command.commands.flatMap((each) => sectionsOf(each, `${path} `))];
}

function helpOf(command: Command): string {
  let text = '';
  command
    .configureOutput({
      writeOut: (part) => (text += part),
      getOutHelpWidth: () => 100,
      getOutHasColors: () => false,
    })
    .outputHelp();
  return text.trimEnd();
}
