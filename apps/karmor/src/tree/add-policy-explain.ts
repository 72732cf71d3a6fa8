import { agentOptions } from './agent-options.js';
import { examples } from './examples.js';
import type { AddCommand } from './tree-builder.js';

const HELP = `
With --workload the policies, postures and files of a workload that runs count; without, those of --policy, --label
and --root.
`;

/** `policy explain`. */
export const addPolicyExplain: AddCommand = (parent, deps) => {
  const command = parent
    .command('explain')
    .description('say what would come of an operation, which rule decides, and why the others do not')
    .argument('[argument...]', 'arguments of what --exec runs')
    .option('--exec <path>', 'the operation: execute a program')
    .option('--open <path>', 'the operation: open a file, for reading unless --write')
    .option('--write', 'with --open: for writing')
    .option('--read', 'with --open --write: for reading, too')
    .option(
      '--connect <protocol>',
      'the operation: connect a socket: tcp, udp, icmp, icmpv6, sctp, raw, unix, netlink',
    )
    .option('--inet6', 'with --connect: of IPv6')
    .option('--capability <name>', 'the operation: use a capability')
    .option('--lookup <domain>', 'the operation: look a name up')
    .option('--from <path>', 'the executable that does it (default: /bin/sh)')
    .option('--parent <path>', 'the executable that forked it (default: that of --from)')
    .option('--uid <number>', 'its file system uid (default: 0)')
    .option('--tty', 'it has a controlling terminal')
    .option('--workload <name>', 'a workload that runs: its name, NAMESPACE/NAME or its id')
    .option('--policy <file>', 'without --workload: policies, a file or directory; may be repeated', collect)
    .option('--namespace <name>', 'without --workload: its namespace (default: container_namespace)')
    .option('--name <name>', 'without --workload: its name (default: web)')
    .option('--label <key=value>', 'without --workload: a label; may be repeated', collect)
    .option('--root <dir>', 'without --workload: its root (default: /)')
    .option(
      '--posture <block|audit|allow>',
      'without --workload: the default posture of allow lists (default: audit)',
    )
    .option('--json', 'JSON');
  agentOptions(command).addHelpText(
    'after',
    HELP +
      examples(
        'karmor policy explain --workload web --exec /bin/sleep 10',
        'karmor policy explain --workload web --open /etc/shadow --from /usr/bin/cat --uid 33',
        'karmor policy explain --policy policies/ --label app=web --connect tcp',
      ),
  );
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/policy-explain.js')).policyExplainCommand, command),
  );
};

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
