import type { RunCommand } from '../command-context.js';
import { bashScript } from '../completion/bash-script.js';
import { describeTree } from '../completion/completion-node.js';
import { fishScript } from '../completion/fish-script.js';
import { zshScript } from '../completion/zsh-script.js';

/** `karmor completion`: made from the same tree that is parsed. */
export const completionCommand: RunCommand = ([shell], _, { output, tree }) => {
  const nodes = describeTree(tree);
  const render = shell === 'zsh' ? zshScript : shell === 'fish' ? fishScript : bashScript;
  output.print(render(nodes));
  return Promise.resolve(0);
};
