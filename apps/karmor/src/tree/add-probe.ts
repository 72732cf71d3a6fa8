import { agentOptions } from './agent-options.js';
import { examples } from './examples.js';
import type { AddCommand } from './tree-builder.js';

/** `probe`. */
export const addProbe: AddCommand = (parent, deps) => {
  const command = parent
    .command('probe')
    .description(
      'show the machine, its postures and which policies protect what; without an agent, what it could do here',
    )
    .option(
      '--gRPC <address>',
      'gRPC server: host:port, or unix:PATH (default: KUBEARMOR_SERVICE, else the agent’s unix socket where it may be used, else localhost:32767)',
    );
  agentOptions(command)
    .option('-f, --format <text|no-color|json>', 'layout (default: text)')
    .option('--json', 'the same as --format json')
    .option('--full', 'also everything that was tried on this machine')
    .option('-n, --namespace <name>', 'does not apply without Kubernetes: nothing is deployed to probe')
    .addHelpText(
      'after',
      examples('karmor probe', 'karmor probe --full', 'karmor probe --format json | jq .'),
    );
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/probe.js')).probeCommand, command),
  );
};
