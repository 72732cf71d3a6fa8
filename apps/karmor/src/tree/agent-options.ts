import type { Command } from 'commander';
import { DEFAULT_RUN_DIRECTORY } from '../connection/agent-places.js';

/** Adds the options that say where the agent's own socket is. */
export function agentOptions(command: Command): Command {
  return command
    .option('--run-dir <dir>', `the agent's run directory (default: ${DEFAULT_RUN_DIRECTORY})`)
    .option('--socket <path>', "the agent's socket (default: KUBEARMOR_SOCKET, or RUN-DIR/agent.sock)");
}
