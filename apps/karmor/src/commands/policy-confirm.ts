import { z } from 'zod';
import type { RunCommand } from '../command-context.js';
import { resolveSocket } from '../connection/agent-places.js';
import { callAgent } from '../connection/call-agent.js';
import { parseFlags } from '../parse-flags.js';

const flagsSchema = z.object({
  json: z.boolean().default(false),
  socket: z.string().optional(),
  runDir: z.string().optional(),
});

const answerSchema = z.object({ confirmed: z.array(z.string()) });

/** `karmor policy confirm`. */
export const policyConfirmCommand: RunCommand = async (keys, given, { output, env }) => {
  const { json, ...place } = parseFlags(flagsSchema, given);
  const { confirmed } = await callAgent(resolveSocket(place, env), 'policy.confirm', { keys }, answerSchema);
  if (json) output.print(`${JSON.stringify({ confirmed })}\n`);
  else if (confirmed.length === 0) output.print('nothing waits for being confirmed\n');
  else output.print(confirmed.map((key) => `confirmed ${key}\n`).join(''));
  return 0;
};
