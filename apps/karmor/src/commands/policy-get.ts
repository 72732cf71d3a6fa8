import { stringify } from 'yaml';
import { z } from 'zod';
import type { RunCommand } from '../command-context.js';
import { resolveSocket } from '../connection/agent-places.js';
import { callAgent } from '../connection/call-agent.js';
import { KarmorError } from '../errors.js';
import { parseFlags } from '../parse-flags.js';
import { agentPoliciesSchema } from '../policies/agent-policies.js';
import { readPolicyDocuments } from '../policies/policy-document.js';

const flagsSchema = z.object({
  json: z.boolean().default(false),
  socket: z.string().optional(),
  runDir: z.string().optional(),
});

const answerSchema = z.object({ key: z.string(), file: z.string(), text: z.string() });

/** `karmor policy get`. */
export const policyGetCommand: RunCommand = async ([asked = ''], given, { output, env }) => {
  const { json, ...place } = parseFlags(flagsSchema, given);
  const socketPath = resolveSocket(place, env);
  const key = asked.includes('/') ? asked : await findKey(socketPath, asked);
  const { file, text } = await callAgent(socketPath, 'policy.get', { key }, answerSchema);
  const document = readPolicyDocuments({ name: file, text }).find((each) => each.key === key);
  if (document === undefined) {
    throw new KarmorError('ANSWER_MALFORMED', `${file}: expected ${key} in it, got other policies`);
  }
  // What was pushed is kept as JSON.
  const isJson = document.text.trimStart().startsWith('{');
  if (json) output.print(`${JSON.stringify(document.object, null, 2)}\n`);
  else output.print(isJson ? stringify(document.object) : `${document.text.trim()}\n`);
  return 0;
};

async function findKey(socketPath: string, name: string): Promise<string> {
  const { policies } = await callAgent(socketPath, 'policies', {}, agentPoliciesSchema);
  const keys = policies.map(({ key }) => key).filter((key) => key.endsWith(`/${name}`));
  const [only] = keys;
  if (only !== undefined && keys.length === 1) return only;
  const got = keys.length === 0 ? 'none' : keys.join(', ');
  throw new KarmorError('POLICY_UNKNOWN', `${name}: expected the name of one policy in force, got ${got}`);
}
