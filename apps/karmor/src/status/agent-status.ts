import { z } from 'zod';
import { KarmorError } from '../errors.js';

/** Something the agent can or cannot use on this machine. */
export interface AgentCapability {
  readonly name: string;
  readonly available: boolean;
  readonly reason: string;
  /** What follows where it is not available. */
  readonly consequence: string;
}

/** What makes the kernel refuse, and what else was thought of. */
export interface AgentEnforcer {
  readonly kind: string;
  readonly reason: string;
  readonly considered?:
    readonly { readonly enforcer: string; readonly isTaken: boolean; readonly reason: string }[] | undefined;
}

/** A rule that is not enforced, and why. */
export interface AgentGap {
  readonly rule: string;
  readonly reason: string;
}

/** A workload that the agent protects. */
export interface AgentWorkload {
  readonly id: number | string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tasks: number;
  /** Keys of the policies that select it. */
  readonly policies: readonly string[];
  readonly ruleSetHash: string;
  /** ISO 8601, or milliseconds since 1970. */
  readonly since: string | number;
  readonly notEnforced: readonly AgentGap[];
  /** Mount points whose files are not seen. */
  readonly unwatched?: readonly string[] | undefined;
  /** Why its last good rule set stays. */
  readonly problem?: string | undefined;
}

/** A policy that the agent has. */
export interface AgentPolicy {
  readonly key: string;
  readonly file: string;
  /** Those it selects, or how many. */
  readonly workloads: number | readonly (number | string)[];
  readonly notEnforced?: readonly AgentGap[] | undefined;
}

/** What an agent says about itself. */
export interface AgentStatus {
  readonly version: string;
  readonly enforcer: AgentEnforcer;
  readonly onError: string;
  readonly capabilities: readonly AgentCapability[];
  readonly workloads: readonly AgentWorkload[];
  readonly policies: readonly AgentPolicy[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
  readonly counters: Readonly<Record<string, number>>;
  /** What else it says, by name. */
  readonly others: Readonly<Record<string, unknown>>;
}

const capability: z.ZodType<AgentCapability> = z.object({
  name: z.string(),
  available: z.boolean(),
  reason: z.string(),
  consequence: z.string(),
});

const gap: z.ZodType<AgentGap> = z.object({ rule: z.string(), reason: z.string() });

const workload: z.ZodType<AgentWorkload> = z.object({
  id: z.union([z.number(), z.string()]),
  namespace: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  tasks: z.number(),
  policies: z.array(z.string()),
  ruleSetHash: z.string(),
  since: z.union([z.string(), z.number()]),
  notEnforced: z.array(gap),
  unwatched: z.array(z.string()).optional(),
  problem: z.string().optional(),
});

const policy: z.ZodType<AgentPolicy> = z.object({
  key: z.string(),
  file: z.string(),
  workloads: z.union([z.number(), z.array(z.union([z.number(), z.string()]))]),
  notEnforced: z.array(gap).optional(),
});

const known = z.object({
  version: z.string(),
  enforcer: z.object({
    kind: z.string(),
    reason: z.string(),
    considered: z
      .array(z.object({ enforcer: z.string(), isTaken: z.boolean(), reason: z.string() }))
      .optional(),
  }),
  onError: z.string(),
  capabilities: z.array(capability),
  workloads: z.array(workload),
  policies: z.array(policy),
  problems: z.array(z.object({ file: z.string(), message: z.string() })),
  counters: z.record(z.string(), z.number()),
});

/** Parts that are no news for whoever reads. */
const SILENT: ReadonlySet<string> = new Set(['pid']);

const schema: z.ZodType<AgentStatus> = known
  .catchall(z.unknown())
  .transform((answer): AgentStatus => ({ ...known.parse(answer), others: othersOf(answer) }));

/** Parses the agent's answer. Throws ANSWER_MALFORMED. */
export function parseStatus(answer: unknown): AgentStatus {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const message = `expected the status of an agent, got something else: ${z.prettifyError(parsed.error)}`;
  throw new KarmorError('ANSWER_MALFORMED', message, { cause: parsed.error });
}

function othersOf(answer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(answer).filter(([name]) => !(name in known.shape) && !SILENT.has(name)),
  );
}
