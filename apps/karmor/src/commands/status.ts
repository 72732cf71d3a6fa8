import { z } from 'zod';
import type { RunCommand } from '../command-context.js';
import { resolveSocket } from '../connection/agent-places.js';
import { callAgent } from '../connection/call-agent.js';
import { parseFlags } from '../parse-flags.js';
import { parseStatus } from '../status/agent-status.js';
import { formatStatus } from '../status/status-text.js';

const flagsSchema = z.object({
  json: z.boolean().default(false),
  socket: z.string().optional(),
  runDir: z.string().optional(),
});

/** `karmor status`: what the agent enforces. */
export const statusCommand: RunCommand = async (_, given, { output, env }) => {
  const { json, ...place } = parseFlags(flagsSchema, given);
  const answer = await callAgent(resolveSocket(place, env), 'status', {}, z.unknown());
  output.print(json ? `${JSON.stringify(answer, null, 2)}\n` : formatStatus(parseStatus(answer)));
  return 0;
};
