import { Option, type Command } from 'commander';
import { DEFAULT_RUN_DIRECTORY } from '../connection/agent-places.js';

const OPTIONS = [
  [
    '--gRPC <address>',
    'gRPC server: host:port, or unix:PATH (default: KUBEARMOR_SERVICE, else the agent’s unix socket where it may be used, else localhost:32767)',
  ],
  ['--run-dir <dir>', `the agent's run directory (default: ${DEFAULT_RUN_DIRECTORY})`],
  ['--secure', 'mutual TLS'],
  ['--tlsCertPath <dir>', 'ca.crt, client.crt and client.key (default: /var/lib/kubearmor/tls)'],
] as const;

/** Adds the options that say where the gRPC services are and how to reach them. */
export function grpcOptions(command: Command): Command {
  for (const [flags, description] of OPTIONS) command.option(flags, description);
  return command;
}

/** Takes the same options before the command that they are for, as KubeArmor's client does. */
export function grpcOptionsBefore(command: Command): Command {
  for (const [flags, description] of OPTIONS) command.addOption(new Option(flags, description).hideHelp());
  return command;
}
