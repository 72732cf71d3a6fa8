import { addPolicyExplain } from './add-policy-explain.js';
import { agentOptions } from './agent-options.js';
import { examples } from './examples.js';
import type { AddCommand } from './tree-builder.js';

/** `policy`: what is in force, and what policies mean. */
export const addPolicy: AddCommand = (parent, deps) => {
  const policy = parent.command('policy').description('what is in force, and what policies mean');
  addList(policy, deps);
  addGet(policy, deps);
  addConfirm(policy, deps);
  addLint(policy, deps);
  addPolicyExplain(policy, deps);
  addTest(policy, deps);
  return policy;
};

const addList: AddCommand = (parent, deps) => {
  const command = parent
    .command('list')
    .description('list the policies in force: where they come from, whom they select, what is not enforced')
    .option('--json', 'JSON');
  agentOptions(command).addHelpText('after', examples('karmor policy list'));
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/policy-list.js')).policyListCommand, command),
  );
};

const addGet: AddCommand = (parent, deps) => {
  const command = parent
    .command('get')
    .description('print a policy in force, as YAML')
    .argument('<policy>', 'its key, KIND/NAMESPACE/NAME, or its name where only one has it')
    .option('--json', 'JSON');
  agentOptions(command).addHelpText(
    'after',
    examples('karmor policy get KubeArmorPolicy/container_namespace/no-sleep', 'karmor policy get no-sleep'),
  );
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/policy-get.js')).policyGetCommand, command),
  );
};

const addConfirm: AddCommand = (parent, deps) => {
  const command = parent
    .command('confirm')
    .description('let policies last that were added or deleted with --confirm')
    .argument('[policy...]', 'keys, KIND/NAMESPACE/NAME; all that wait when none is named')
    .option('--json', 'JSON');
  agentOptions(command).addHelpText('after', examples('karmor policy confirm'));
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/policy-confirm.js')).policyConfirmCommand, command),
  );
};

const addLint: AddCommand = (parent, deps) => {
  const command = parent
    .command('lint')
    .description('check policies without an agent: what is wrong, and what they mean that may not be meant')
    .argument('<file...>', 'YAML or JSON; a directory for all in it; - for standard input')
    .option('--root <dir>', 'the root that the paths are looked up in (default: /)')
    .option('--posture <block|audit|allow>', 'the default posture of allow lists (default: audit)')
    .option('--strict', 'exit status 1 for warnings, too')
    .option('--json', 'JSON, one object for each finding')
    .addHelpText(
      'after',
      examples('karmor policy lint policies/', 'karmor policy lint --root /srv/rootfs web.yaml'),
    );
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/policy-lint.js')).policyLintCommand, command),
  );
};

const addTest: AddCommand = (parent, deps) => {
  const command = parent
    .command('test')
    .description('try policies on operations, without an agent, and compare with what is expected')
    .argument('<file...>', 'YAML with groups of cases: docs/guides/writing-policies.md')
    .option('--json', 'JSON, one object for each case')
    .addHelpText('after', examples('karmor policy test web.test.yaml'));
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/policy-test.js')).policyTestCommand, command),
  );
};
