import { examples } from './examples.js';
import { grpcOptions, grpcOptionsBefore } from './grpc-options.js';
import type { AddCommand } from './tree-builder.js';

/** `vm`, as KubeArmor calls the machines that Kubernetes does not manage. */
export const addVm: AddCommand = (parent, deps) => {
  const vm = parent.command('vm').description('policies of a machine without Kubernetes');
  const policy = grpcOptionsBefore(vm.command('policy')).description('add and delete policies over gRPC');
  addPushing(policy, deps, 'add');
  addPushing(policy, deps, 'delete');
  return vm;
};

const DESCRIPTIONS = {
  add: 'put the policies of a file in force, and keep them across restarts of the agent',
  delete: 'take the policies of a file out of force',
} as const;

const HELP = `
Every policy of the file is checked first: when one is wrong, none is sent. For each, what the agent answers is
printed: Applied, Modified, Deleted; or, with exit status 1, NotExist, Invalid, NotEnabled, Failure.
`;

function addPushing(...[parent, deps, name]: [...Parameters<AddCommand>, 'add' | 'delete']): void {
  const command = parent
    .command(name)
    .description(DESCRIPTIONS[name])
    .argument('<file>', 'YAML or JSON, one policy or several; - for standard input');
  grpcOptions(command)
    .option('--confirm <duration>', 'undo it unless karmor policy confirm comes in time: 90s, 5m')
    .option('--json', 'JSON, one object for each policy')
    .addHelpText(
      'after',
      HELP +
        examples(`karmor vm policy ${name} policy.yaml`, `karmor vm policy ${name} policy.yaml --confirm 5m`),
    );
  command.action(() =>
    deps.invoke(async () => {
      const { pushCommand } = await import('../commands/push.js');
      return pushCommand(name);
    }, command),
  );
}
