import { z } from 'zod';
import type { RunCommand } from '../command-context.js';
import { resolveSocket } from '../connection/agent-places.js';
import { callAgent } from '../connection/call-agent.js';
import { parseFlags } from '../parse-flags.js';
import { agentPoliciesSchema } from '../policies/agent-policies.js';
import { formatPolicyList } from '../policies/policy-list-text.js';

const flagsSchema = z.object({
  json: z.boolean().default(false),
  socket: z.string().optional(),
  runDir: z.string().optional(),
});

/** `karmor policy list`. */
export const policyListCommand: RunCommand = async (_, given, { output, env }) => {
  const { json, ...place } = parseFlags(flagsSchema, given);
  const answer = await callAgent(resolveSocket(place, env), 'policies', {}, agentPoliciesSchema);
  output.print(json ? `${JSON.stringify(answer.policies, null, 2)}\n` : formatPolicyList(answer));
  return 0;
};
