import { Command, CommanderError } from 'commander';

/** Builds the command line; what it gives runs it and resolves to the exit status. */
export function createProgram(): (argv: readonly string[]) => Promise<number> {
  let status = 0;
  const program = new Command('kubearmor')
    .description('Runtime security enforcement for this machine.')
    .exitOverride();
  const add = (
    name: string,
    description: string,
    load: () => Promise<{ run: (options: unknown) => Promise<number> }>,
  ): Command => {
    return program
      .command(name)
      .description(description)
      .action(async (options: unknown) => {
        status = await (await load()).run(options);
      });
  };
  addAgentOptions(add('agent', 'apply policies and report alerts', () => import('./commands/agent.js')));
  addGuardOptions(
    add('release', 'end enforcement and remove everything', () => import('./commands/release.js')),
  );
  add('probe', 'say what this machine can enforce', () => import('./commands/probe.js')).option(
    '--json',
    'print JSON',
  );
  addGuardOptions(
    add('keeper', 'part of the guard, started by the agent', () => import('./commands/keeper.js')),
  );
  addGuardOptions(
    add('answerer', 'part of the guard, started by the keeper', () => import('./commands/answerer.js')),
  );
  return async (argv) => {
    try {
      await program.parseAsync(argv);
      return status;
    } catch (thrown) {
      return failed(thrown);
    }
  };
}

function addGuardOptions(command: Command): Command {
  return command
    .option('--run-dir <dir>', 'what does not outlive this run of the machine (default /run/kubearmor)')
    .option('--pins <dir>', 'directory of bpffs (default /sys/fs/bpf/kubearmor)')
    .option('--objects <dir>', 'compiled eBPF objects')
    .option('--on-error <deny|allow>', 'what an operation comes to that cannot be judged (default deny)');
}

function addAgentOptions(command: Command): Command {
  return addGuardOptions(command)
    .option('--policies <dir>', 'directory of policy files (default /etc/kubearmor/policies)')
    .option('--socket <path>', 'where karmor reaches the agent (default RUN-DIR/agent.sock)')
    .option('--state-dir <dir>', 'last good policies (default /var/lib/kubearmor)')
    .option('--logPath <path>', 'alerts and logs to a file, stdout or none (default none)')
    .option('--log-format <json|text|legacy>', 'how they are written there (default json)')
    .option('--logFilter <policy|system|all>', 'what goes there: alerts, logs or both (default all)')
    .option(
      '--visibility <list>',
      'what is told of workloads: process, file, network, capabilities, or none (default all four)',
    )
    .option('--hostVisibility <list>', 'the same of the host (default all four)')
    .option('--alerts-on-stdout <json|text|none>', 'alerts on standard output (default json)')
    .option('--defaultFilePosture <block|audit|allow>', 'for process and file rules (default audit)')
    .option('--defaultNetworkPosture <block|audit|allow>', 'for network rules (default audit)')
    .option('--defaultCapabilitiesPosture <block|audit|allow>', 'for capabilities rules (default audit)')
    .option('--gRPC <port|none>', 'TCP port of the gRPC services, 0 for a free one (default 32767)')
    .option('--gRPCHealthPort <port|none>', 'TCP port of grpc.health.v1 alone (default 32766)')
    .option('--gRPCSocket <path>', 'unix socket of the gRPC services (default RUN-DIR/grpc.sock)')
    .option(
      '--gRPCHost <address>',
      'address of the TCP port, loopback unless --tlsEnabled (default 127.0.0.1)',
    )
    .option('--tlsEnabled', 'mutual TLS on the TCP port')
    .option('--tlsCertPath <dir>', 'ca.crt, server.crt and server.key (default /var/lib/kubearmor/tls)')
    .option(
      '--policiesOverPlainTcp',
      'for old clients: let anyone on this machine who reaches the TCP port change policies',
    )
    .option('--cluster <name>', 'ClusterName of alerts (default default)')
    .option('--host <name>', 'HostName of alerts (default the host name)')
    .option('--alertThrottling', 'limit alerts for each workload and rule')
    .option('--maxAlertPerSec <count>', 'alerts a second before holding back (default 10)')
    .option('--throttleSec <seconds>', 'how long to hold back (default 30)');
}

function failed(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'UNEXPECTED';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`kubearmor: ${code}: ${message}\n`);
  if (code === 'SETTING_INVALID') return 2;
  return 1;
}
