import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Attempt, AttemptGroup } from './attempt.ts';

const SHELL = '/busybox';

const attemptSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    about: z.string(),
    reach: z.enum(['inside', 'outside']).default('inside'),
    by: z.enum(['guard', 'scope']).default('guard'),
    needs: z.array(z.enum(['io-uring', 'core-file', 'mptcp', 'disk'])).default([]),
    early: z.boolean().default(false),
    alone: z.boolean().default(false),
    options: z
      .strictObject({ capAdd: z.array(z.string()).default([]), user: z.string().optional() })
      .default({ capAdd: [] }),
    run: z.array(z.string()).optional(),
    sh: z.string().optional(),
    goal: z
      .strictObject({ status: z.number().optional(), output: z.string().optional() })
      .refine(({ status, output }) => status !== undefined || output !== undefined, 'a status or an output'),
    alert: z.strictObject({ policy: z.string().optional(), rule: z.string().optional() }).default({}),
    told: z.enum(['none', 'Audit (Block)', 'Block']).optional(),
    reason: z.string().optional(),
  })
  .refine(({ run, sh }) => (run === undefined) !== (sh === undefined), 'either run or sh')
  .refine(
    ({ reach, reason, told }) => (reach === 'outside') === (reason !== undefined && told !== undefined),
    'a reason, and what is told, where it is outside and only there',
  )
  .transform(({ options, run, sh, ...rest }): Attempt => {
    const [program = SHELL, ...words] = run ?? [SHELL, 'sh', '-c', sh ?? ''];
    return {
      ...rest,
      capAdd: options.capAdd,
      user: options.user,
      words: [program, ...words],
      told: rest.told,
      reason: rest.reason,
    };
  });

const groupSchema = z.strictObject({
  policy: z.string(),
  image: z.enum(['plain', 'applets']).default('plain'),
  attempts: z.array(attemptSchema).min(1),
});

/** All attempts of a directory, in the order of its files. */
export function loadAttempts(directory: string): readonly AttemptGroup[] {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return files.flatMap((file) => {
    const groups = z.array(groupSchema).parse(parse(readFileSync(join(directory, file), 'utf8')));
    return groups.map((group) => ({
      ...group,
      file: basename(file, '.yaml'),
      policyName: nameOf(group.policy),
    }));
  });
}

function nameOf(policy: string): string {
  const { metadata, spec } = z
    .object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ selector: z.object({ matchLabels: z.object({ bypass: z.string() }) }) }),
    })
    .parse(parse(policy));
  if (spec.selector.matchLabels.bypass === metadata.name) return metadata.name;
  throw new Error(`policy ${metadata.name}: expected it to select bypass: ${metadata.name}`);
}
