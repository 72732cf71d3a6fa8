import { bind, compile, explain } from '@kubearmor/policy';
import { z } from 'zod';
import type { CommandContext, RunCommand } from '../command-context.js';
import { resolveSocket } from '../connection/agent-places.js';
import { KarmorError } from '../errors.js';
import { parseAskedOperation, parseAskedSubject } from '../explain/asked-operation.js';
import { describedWorkload } from '../explain/described-workload.js';
import { formatExplanation } from '../explain/explanation-text.js';
import type { JudgedWorkload } from '../explain/judged-workload.js';
import { liveWorkload } from '../explain/live-workload.js';
import { locateOperation } from '../explain/locate-operation.js';
import { parseFlags } from '../parse-flags.js';
import { checkPolicies } from '../policies/check-policies.js';
import { readFiles } from '../policies/read-files.js';
import { WorkloadRoot } from '../root/workload-root.js';

const flagsSchema = z.object({
  json: z.boolean().default(false),
  socket: z.string().optional(),
  runDir: z.string().optional(),
  workload: z.string().optional(),
  policy: z.array(z.string()).default([]),
});

/** `karmor policy explain`: ends with 0 whatever the verdict is. */
export const policyExplainCommand: RunCommand = async (args, given, context) => {
  const { json } = parseFlags(flagsSchema, given);
  const asked = parseAskedOperation(given, args);
  const subject = parseAskedSubject(given);
  const judged = await judgedWorkload(given, context);
  using root = WorkloadRoot.open(judged.root);
  const bound = bind(compile(judged.policies, judged.postures), root.resolver);
  const operation = locateOperation(asked, subject, root);
  const explanation = explain(bound, operation);
  const { workload, policies } = judged;
  const { output } = context;
  if (json) {
    const all = { workload, policies: policies.map(({ key }) => key), operation, ...explanation };
    output.print(`${JSON.stringify(all, null, 2)}\n`);
  } else output.print(formatExplanation(explanation, operation, judged, output.isColoured));
  return 0;
};

async function judgedWorkload(given: unknown, { env, output }: CommandContext): Promise<JudgedWorkload> {
  const { workload, policy, socket, runDir } = parseFlags(flagsSchema, given);
  if (workload !== undefined) return liveWorkload(resolveSocket({ socket, runDir }, env), workload);
  if (policy.length > 0) return describedWorkload(given, checkPolicies(readFiles(policy), output));
  throw new KarmorError('USAGE_INVALID', 'explain: expected --workload NAME or --policy FILE, got neither');
}
