import { createTree } from '../../apps/karmor/dist/tree/create-tree.js';

type Command = ReturnType<typeof createTree>;

/** The reference page of `karmor`: the help of every command, as it prints it. */
export function renderKarmor(): string {
  const silent = { print: () => true, note: () => undefined, complain: () => undefined };
  const tree = createTree({ output: silent, invoke: () => Promise.resolve() });
  return ['# karmor', '', 'Generated from the code.', '', ...sectionsOf(tree, '')].join('\n');
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
