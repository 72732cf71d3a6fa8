import type { AgentProcess } from '../../agent/agent-process.ts';
import { places } from '../../places.ts';
import { run, type Ended } from './run.ts';

/** Runs a shell command as a workload of its own. */
export function karmorRun(agent: AgentProcess, name: string, command: string): Ended {
  const flags = ['--socket', agent.socket, '--name', name, '--namespace', 'vm', '--label', `app=${name}`];
  return run([`${places.root}apps/karmor/bin/karmor`, 'run', ...flags, '--', 'bash', '-c', command]);
}
