import type { RunCommand } from '../command-context.js';
import { bashScript } from '../completion/bash-script.js';
import { describeTree } from '../completion/completion-node.js';
import { fishScript } from '../completion/fish-script.js';
import { zshScript } from '../completion/zsh-script.js';
import { createTree } from '../tree/create-tree.js';

/** `karmor completion`: made from the same tree that is parsed. */
export const completionCommand: RunCommand = ([shell], _, { output }) => {
  const nodes = describeTree(createTree({ output, invoke: () => Promise.resolve() }));
  switch (shell) {
    case 'zsh':
      output.print(zshScript(nodes));
      break;
    case 'fish':
      output.print(fishScript(nodes));
      break;
    default:
      output.print(bashScript(nodes));
  }
  return Promise.resolve(0);
};
