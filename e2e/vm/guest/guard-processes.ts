import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentProcess } from '../../agent/agent-process.ts';

const pid = z.object({ pid: z.number() }).transform((process) => process.pid);
const schema = z.object({ keeper: pid, answerers: z.array(pid) });

/** The processes of an agent's guard; 0 for an answerer that there is none of. */
export function guardProcesses({ directory }: AgentProcess): {
  readonly keeper: number;
  readonly answerer: number;
} {
  const { keeper, answerers } = schema.parse(
    JSON.parse(readFileSync(join(directory, 'run/guard.json'), 'utf8')),
  );
  return { keeper, answerer: answerers[0] ?? 0 };
}
