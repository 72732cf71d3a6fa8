// The command line. Only what a command needs is loaded: `run` is waited for by whatever starts workloads with it.
import { createOutput } from './output.js';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const { env } = process;
  const output = createOutput(env);
  if (args[0] === 'run') {
    const { runCommand } = await import('./commands/run.js');
    return runCommand(args.slice(1), { output, signals: process, env, cwd: process.cwd() });
  }
  if (args[0] === 'help' && args[1] === 'run') return main(['run', '--help']);
  const { runProgram } = await import('./program.js');
  const all = args.length === 0 ? ['--help'] : args[0] === '--version' ? ['version'] : args;
  return runProgram(all, { output, env, interrupted });
}

function interrupted(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      interruption.abort();
    });
  }
  return interruption.signal;
}
