import { Command } from 'commander';
import { addCompletion } from './add-completion.js';
import { addLogs } from './add-logs.js';
import { addPolicy } from './add-policy.js';
import { addProbe } from './add-probe.js';
import { addRun } from './add-run.js';
import { addStatus } from './add-status.js';
import { addVersion } from './add-version.js';
import { addVm } from './add-vm.js';
import type { TreeDependencies } from './tree-builder.js';
import { examples } from './examples.js';

/** Every command with its options and its help. What they do is loaded when they are asked for. */
export function createTree(deps: TreeDependencies): Command {
  const { output } = deps;
  const program = new Command('karmor')
    .description('Runs workloads under KubeArmor policies, and tells what is enforced and what happens.')
    .configureOutput({
      writeOut: (text) => {
        output.print(text);
      },
      writeErr: (text) => {
        // A command that needs another one behind it shows its help.
        if (!text.startsWith('error: ')) output.note(text.trimEnd());
        else output.complain(`USAGE_INVALID: ${text.slice('error: '.length).trimEnd()}`);
      },
    })
    .exitOverride()
    .showHelpAfterError(false)
    .addHelpText(
      'after',
      examples(
        "karmor run --name web --label app=web -- nginx -g 'daemon off;'",
        'karmor vm policy add policy.yaml --confirm 5m',
        'karmor logs --namespace container_namespace --json',
      ) + EXIT_STATUS,
    );
  for (const add of [addRun, addLogs, addProbe, addStatus, addPolicy, addVm, addVersion, addCompletion]) {
    add(program, deps);
  }
  return program;
}

const EXIT_STATUS = `
Exit status: 0; 1 when something failed; 2 for a wrong usage. karmor run ends with that of its command.
`;
