import type { Command } from 'commander';
import { DEFAULT_RUN_DIRECTORY } from '../connection/agent-places.js';

/** Adds the options that say where the gRPC services are and how to reach them. */
export function grpcOptions(command: Command): Command {
  return command
    .option(
      '--gRPC <address>',
      'gRPC server: host:port, or unix:PATH (default: KUBEARMOR_SERVICE, else the agent’s unix socket where it may be used, else localhost:32767)',
    )
    .option('--run-dir <dir>', `the agent's run directory (default: ${DEFAULT_RUN_DIRECTORY})`)
    .option('--secure', 'mutual TLS')
    .option('--tlsCertPath <dir>', 'ca.crt, client.crt and client.key (default: /var/lib/kubearmor/tls)');
}
