import type { Postures } from '@kubearmor/policy';
import { z } from 'zod';

/** A policy in force. */
export interface ListedPolicy {
  readonly key: string;
  /** `file` or `gRPC`. */
  readonly source: string;
  readonly file: string;
  /** The ids of those it selects. */
  readonly workloads: readonly (number | string)[];
  readonly notEnforced: readonly { readonly rule: string; readonly reason: string }[];
  /** RFC 3339. */
  readonly confirmBy?: string | undefined;
}

/** A workload that is protected. */
export interface ListedWorkload {
  readonly id: number | string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly policies: readonly string[];
  /** Its processes, the one that started first in front. */
  readonly pids: readonly number[];
}

/** What the agent answers to `policies`. */
export interface AgentPolicies {
  readonly postures: Postures;
  readonly policies: readonly ListedPolicy[];
  readonly workloads: readonly ListedWorkload[];
}

const posture = z.enum(['block', 'audit', 'allow']);
const id = z.union([z.number(), z.string()]);

/** Checks what the agent answers to `policies`. */
export const agentPoliciesSchema: z.ZodType<AgentPolicies> = z.object({
  postures: z.object({ file: posture, network: posture, capabilities: posture, device: posture }),
  policies: z.array(
    z.object({
      key: z.string(),
      source: z.string(),
      file: z.string(),
      workloads: z.array(id),
      notEnforced: z.array(z.object({ rule: z.string(), reason: z.string() })),
      confirmBy: z.string().optional(),
    }),
  ),
  workloads: z.array(
    z.object({
      id,
      namespace: z.string(),
      name: z.string(),
      labels: z.record(z.string(), z.string()),
      policies: z.array(z.string()),
      pids: z.array(z.number()),
    }),
  ),
});
