import { join } from 'node:path';

/** Where an agent keeps its sockets unless told otherwise. */
export const DEFAULT_RUN_DIRECTORY = '/run/kubearmor';

/** What says where an agent is. */
export interface AgentPlaceFlags {
  readonly runDir?: string | undefined;
  readonly socket?: string | undefined;
}

/** The agent's own socket: the flags, else KUBEARMOR_SOCKET, else that of the usual run directory. */
export function resolveSocket(
  { runDir, socket }: AgentPlaceFlags,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (socket !== undefined) return socket;
  if (runDir !== undefined) return join(runDir, 'agent.sock');
  return env['KUBEARMOR_SOCKET'] ?? join(DEFAULT_RUN_DIRECTORY, 'agent.sock');
}

/** What to do when no agent answers. */
export function startAgentHint(): string {
  return 'start one as root with: kubearmor agent; or say where it listens with --socket PATH or KUBEARMOR_SOCKET';
}
