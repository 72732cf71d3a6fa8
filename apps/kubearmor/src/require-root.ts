import { AgentError } from './errors.js';

/** Throws unless this process is root's. */
export function requireRoot(command: string): void {
  const uid = process.getuid?.();
  if (uid === 0) return;
  throw new AgentError(
    'ROOT_REQUIRED',
    `kubearmor ${command}: expected to run as root, runs as uid ${uid ?? 'unknown'}`,
  );
}
