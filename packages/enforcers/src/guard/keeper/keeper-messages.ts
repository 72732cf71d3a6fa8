import type { RuleSet } from '@kubearmor/policy';
import { z } from 'zod';
import type { CgroupHierarchy, UnitCgroup, UnitTasks } from '../../enforcer.js';
import type { GuardAlert } from '../guard-alert.js';
import type { GuardCounts, WorkloadOrder, WorkloadReadBack } from '../messages.js';

/** What the keeper counts, with what the answerer does. */
export interface KeeperCounts extends GuardCounts {
  /** Alerts that were raised, by whichever process. */
  readonly alerts: number;
  /** Those among them that the agent will not get: nobody took any for long, or their process died with them. */
  readonly alertsDropped: number;
  /** How often an answerer was replaced. */
  readonly replacements: number;
  /** Operations that were answered while no answerer was there. */
  readonly unjudged: number;
  /** Workloads that were not guarded for a while, because neither keeper nor answerer was there. */
  readonly gaps: number;
  /** The longest of these times, in milliseconds. */
  readonly gapMs: number;
}

/** Who the guard is. */
export interface Pong {
  readonly pid: number;
  /** The process that answers; 0 while the keeper does it itself. */
  readonly answerer: number;
  readonly replacements: number;
  /** An answerer in reserve, once there is one. */
  readonly spare?: number | undefined;
}

// Rule sets and alerts are made by this package on both sides of a socket that only root can open; what is checked
// is that the message is one of ours, not every field of a rule again.
const ruleSetSchema = z.custom<RuleSet>(
  (value) =>
    z.object({ hash: z.string(), rules: z.array(z.looseObject({ id: z.string() })) }).safeParse(value)
      .success,
);

const orderSchema: z.ZodType<WorkloadOrder> = z.object({
  id: z.number().int().nonnegative(),
  root: z.string(),
  mountinfo: z.string(),
  ruleSet: ruleSetSchema,
  denials: z.object({ process: z.boolean(), file: z.boolean(), network: z.boolean() }),
  isAudited: z.boolean(),
});

/** Parameters of the keeper's `put`. */
export const putSchema: z.ZodType<{ workload: WorkloadOrder; tid?: number | undefined }> = z.object({
  workload: orderSchema,
  tid: z.number().int().positive().optional(),
});

/** Parameters of the keeper's `remove`. */
export const removeSchema: z.ZodType<{ id: number }> = z.object({ id: z.number().int().nonnegative() });

/** Parameters of the keeper's `own`. */
export const ownSchema: z.ZodType<{ pid: number }> = z.object({ pid: z.number().int().positive() });

/** Parameters of the keeper's `units`. */
export const unitsSchema: z.ZodType<{ hierarchy: CgroupHierarchy; units: UnitCgroup[] }> = z.object({
  hierarchy: z.object({ number: z.number().int().nonnegative(), directory: z.string() }),
  units: z.array(z.object({ id: z.number().int().positive(), path: z.string() })),
});

/** The result of the keeper's `units`. */
export const unitTasksSchema: z.ZodType<UnitTasks[]> = z.array(
  z.object({ id: z.number(), tasks: z.number() }),
);

/** The result of the keeper's `held`. */
export const heldSchema: z.ZodType<WorkloadOrder[]> = z.array(orderSchema);

/** The result of the keeper's `ping`. */
export const pingSchema: z.ZodType<Pong> = z.object({
  pid: z.number(),
  answerer: z.number(),
  replacements: z.number(),
  spare: z.number().optional(),
});

/** The result of the keeper's `put`. */
export const readBackSchema: z.ZodType<WorkloadReadBack> = z.object({
  id: z.number(),
  hash: z.string(),
  ruleSetId: z.number(),
  tasks: z.number(),
  unwatched: z.array(z.string()),
});

/** The result of the keeper's `count`. */
export const countSchema: z.ZodType<KeeperCounts> = z.object({
  judged: z.number(),
  denied: z.number(),
  alerts: z.number(),
  forgottenFiles: z.number(),
  failures: z.number(),
  events: z.number(),
  eventsLost: z.number(),
  labelsLost: z.number(),
  alertsDropped: z.number(),
  replacements: z.number(),
  unjudged: z.number(),
  gaps: z.number(),
  gapMs: z.number(),
  workloads: z.array(readBackSchema),
});

// One object for all: making it anew cost more than everything else about an alert.
const alertHead = z.object({ workload: z.number(), timeNs: z.string() });

/** One alert of the journal. */
export const alertSchema: z.ZodType<GuardAlert> = z.custom<GuardAlert>(
  (value) => alertHead.safeParse(value).success,
);
