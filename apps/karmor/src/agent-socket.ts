/** Where an agent listens unless told otherwise. */
export const DEFAULT_SOCKET = '/run/kubearmor/agent.sock';

/** The agent's socket: the flag, else KUBEARMOR_SOCKET, else {@link DEFAULT_SOCKET}. */
export function resolveSocket(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return flag ?? env['KUBEARMOR_SOCKET'] ?? DEFAULT_SOCKET;
}

/** What to do when no agent answers. */
export function startAgentHint(): string {
  return 'start one as root with: kubearmor agent; or say where it listens with --socket PATH or KUBEARMOR_SOCKET';
}
