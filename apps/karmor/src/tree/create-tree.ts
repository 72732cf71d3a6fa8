import { Command, Option } from 'commander';
import { absenceHint } from './absent-commands.js';
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
        if (!text.startsWith(ERROR)) output.note(text.trimEnd());
        else output.complain(usageError(text.slice(ERROR.length).trimEnd()));
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
  for (const flags of KUBERNETES_FLAGS) program.addOption(new Option(flags, NO_KUBERNETES).hideHelp());
  for (const add of [addRun, addLogs, addProbe, addStatus, addPolicy, addVm, addVersion, addCompletion]) {
    add(program, deps);
  }
  return program;
}

const ERROR = 'error: ';
const NO_KUBERNETES = 'does not apply without Kubernetes';
/** KubeArmor's client has them for every command. */
const KUBERNETES_FLAGS = ['--kubeconfig <path>', '--context <name>'];

// A word that nearly is a command is asked for; a command of KubeArmor's client is not one misspelt.
function usageError(complaint: string): string {
  const hint = absenceHint(complaint);
  return `USAGE_INVALID: ${hint === '' ? complaint : (complaint.split('\n')[0] ?? '') + hint}`;
}

const EXIT_STATUS = `
Exit status: 0; 1 when something failed; 2 for a wrong usage. karmor run ends with that of its command.
`;
