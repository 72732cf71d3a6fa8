import { Command, CommanderError } from 'commander';
import { DEFAULT_SOCKET, resolveSocket } from './agent-socket.js';
import type { Output } from './output.js';

/** What the commands other than `run` need from their surroundings. */
export interface ProgramDeps {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const USAGE_STATUS = 2;

const EXAMPLES = `
Examples:
  karmor run --name web --label app=web -- nginx -g 'daemon off;'
  karmor status
  karmor status --json | jq '.workloads[].name'
`;

interface StatusFlags {
  readonly json?: boolean;
  readonly socket?: string;
}

/** Runs a command line that is not `run`, and resolves to the status to exit with. Each command is loaded when it is asked for. */
export async function runProgram(args: readonly string[], deps: ProgramDeps): Promise<number> {
  let status = 0;
  const program = createProgram(deps, (result) => {
    status = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for ends with 0; everything else that the parser ends with is a wrong usage.
    return error.exitCode === 0 ? 0 : USAGE_STATUS;
  }
}

function createProgram(deps: ProgramDeps, finish: (status: number) => void): Command {
  const { output } = deps;
  const program = new Command('karmor')
    .description('Runs workloads under KubeArmor policies and tells what is enforced.')
    .configureOutput({
      writeOut: (text) => {
        output.print(text);
      },
      writeErr: (text) => {
        output.complain(text.replace(/^error: /u, '').trimEnd());
      },
    })
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .showHelpAfterError('karmor --help says more');
  // Never reached: main.ts takes `run` before this is loaded. It is here to be listed.
  program
    .command('run')
    .description('run a command in a scope of its own, protected from its first instruction');
  program
    .command('status')
    .description('show what the agent protects, with what, and what it cannot')
    .option('--json', "print the agent's whole answer")
    .option('--socket <path>', `the agent's socket (default: KUBEARMOR_SOCKET, or ${DEFAULT_SOCKET})`)
    .action(async (flags: StatusFlags) => {
      const { statusCommand } = await import('./commands/status.js');
      const socketPath = resolveSocket(flags.socket, deps.env);
      finish(await statusCommand({ socketPath, isJson: flags.json === true }, output));
    });
  program
    .command('version')
    .description('show the version')
    .action(async () => {
      const { versionCommand } = await import('./commands/version.js');
      finish(await versionCommand(output));
    });
  return program;
}
