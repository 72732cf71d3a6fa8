import { grpcOptions } from './grpc-options.js';
import { examples } from './examples.js';
import type { AddCommand } from './tree-builder.js';

/** `logs`. */
export const addLogs: AddCommand = (parent, deps) => {
  const command = parent
    .command('logs')
    .description('follow alerts, logs of what workloads do, and messages of the agent');
  grpcOptions(command)
    .option(
      '--tlsCertProvider <self|external>',
      'external: the client’s certificate is in --tlsCertPath; self: make one with the ca.key there (default: external where there is a client.crt)',
    )
    .option(
      '--readCAFromSecret [true|false]',
      'does not apply without Kubernetes: there is no secret to read',
    )
    .option('--msgPath <path|stdout|none>', 'where messages go (default: none)')
    .option('--logPath <path|stdout|none>', 'where alerts and logs go (default: stdout)')
    .option('--logFilter <policy|system|all>', 'alerts, logs, or both (default: policy)')
    .option('--json', 'JSON, one object a line')
    .option('-o, --output <text|json|pretty-json>', 'layout (default: text)')
    .option('-n, --namespace <regexp>', 'only of these namespaces')
    .option('--operation <regexp>', 'only of these operations: Process, File, Network and so on')
    .option('--logType <regexp>', 'only of these types: ContainerLog, HostLog, MatchedPolicy and so on')
    .option('--container <regexp>', 'only of these containers')
    .option('--pod <regexp>', 'only of these pods')
    .option('--resource <regexp>', 'only about these resources')
    .option('--source <regexp>', 'only from these sources')
    .option(
      '-l, --labels <key=value,...>',
      'only of workloads with one of these labels; may be repeated',
      collect,
    )
    .option('--limit <count>', 'end after so many alerts and logs were written')
    .addHelpText(
      'after',
      `
Regular expressions are RE2's, unanchored; for namespace, operation, logType, container and pod without regard
to case. All filters must match. A lost connection is said and tried again.
` +
        examples(
          'karmor logs',
          'karmor logs --logFilter all --namespace container_namespace --json',
          "karmor logs --operation 'File|Process' --resource '^/etc/' --limit 10",
          'karmor logs --gRPC node-1:32767 --secure --tlsCertPath ~/kubearmor-tls',
        ),
    );
  return command.action(() =>
    deps.invoke(async () => (await import('../commands/logs.js')).logsCommand, command),
  );
};

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',')];
}
