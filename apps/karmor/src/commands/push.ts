import { parseDuration } from '@kubearmor/service';
import { z } from 'zod';
import type { CommandContext, RunCommand } from '../command-context.js';
import { openConnection } from '../connection/open-connection.js';
import { KarmorError } from '../errors.js';
import { parseFlags } from '../parse-flags.js';
import { checkPolicies } from '../policies/check-policies.js';
import { readPolicyDocuments, type PolicyDocument } from '../policies/policy-document.js';
import { checkKinds, pushPolicies, type PushAnswer } from '../policies/push-policies.js';
import { readFiles } from '../policies/read-files.js';

/** What an answer means that is more than a word. */
const REASONS: Readonly<Record<string, string>> = {
  NotExist: ': no policy of that name was pushed; one of a file of the agent is removed with the file',
  Invalid: ': its log says why',
  NotEnabled:
    ': it does not carry out policies of that kind (enableKubeArmorPolicy, enableKubeArmorHostPolicy)',
};
const MAX_CONFIRM_MS = 24 * 60 * 60 * 1000;

const flagsSchema = z.object({
  gRPC: z.string().optional(),
  runDir: z.string().optional(),
  secure: z.boolean().optional(),
  tlsCertPath: z.string().optional(),
  confirm: z
    .string()
    .refine(isConfirmTime, 'expected a duration of at most 24h such as 90s, 5m or 1h')
    .optional(),
  json: z.boolean().default(false),
});

/** `karmor vm policy add` and `delete`. */
export function pushCommand(name: 'add' | 'delete'): RunCommand {
  return async (args, given, context) => {
    const { confirm, json, ...connectionFlags } = parseFlags(flagsSchema, given);
    const documents = readDocuments(args, name, context);
    const connection = openConnection(connectionFlags, context.env);
    const type = name === 'add' ? 'ADDED' : 'DELETED';
    const answers: PushAnswer[] = [];
    try {
      for await (const answer of pushPolicies(connection, documents, { type, confirm })) {
        answers.push(answer);
        context.output.print(json ? `${JSON.stringify(answer)}\n` : `Policy ${answer.status} \n`);
      }
    } finally {
      connection.close();
    }
    return judge(answers, confirm, context);
  };
}

function readDocuments(
  args: readonly string[],
  name: 'add' | 'delete',
  { output }: CommandContext,
): readonly PolicyDocument[] {
  const files = readFiles(args);
  const documents = files.flatMap(readPolicyDocuments);
  if (documents.length === 0) {
    throw new KarmorError('POLICY_INVALID', `${args.join(' ')}: expected a policy, got none`);
  }
  checkKinds(documents);
  // To delete one, its name is enough; network policies are another language.
  const checked = documents.filter(({ kind }) => name === 'add' && kind !== 'KubeArmorNetworkPolicy');
  checkPolicies(
    checked.map(({ file, textInPlace }) => ({ name: file, text: textInPlace })),
    output,
  );
  return documents;
}

function judge(
  answers: readonly PushAnswer[],
  confirm: string | undefined,
  { output }: CommandContext,
): number {
  for (const { key, status, isDone, isConfirmAwaited } of answers) {
    if (!isDone)
      output.complain(
        `POLICY_REFUSED: ${key}: expected it to be carried out, the agent answered ${status}${REASONS[status] ?? ''}`,
      );
    else if (isConfirmAwaited === false) {
      output.complain(`CONFIRM_UNSUPPORTED: ${key}: this agent knows no --confirm: what was done stays`);
    }
  }
  const isGood = answers.every(({ isDone, isConfirmAwaited }) => isDone && isConfirmAwaited !== false);
  if (isGood && confirm !== undefined) {
    output.note(`Undone in ${confirm} unless you run: karmor policy confirm`);
  }
  return isGood ? 0 : 1;
}

function isConfirmTime(text: string): boolean {
  const milliseconds = parseDuration(text) ?? 0;
  return milliseconds > 0 && milliseconds <= MAX_CONFIRM_MS;
}
