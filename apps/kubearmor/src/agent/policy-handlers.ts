import type { JsonHandler } from '@kubearmor/service';
import type { Postures } from '@kubearmor/policy';
import { z } from 'zod';
import { AgentError } from '../errors.js';
import type { AgentStatus } from './agent-status.js';
import type { Confirmations } from './confirmations.js';
import type { PolicyFilesState } from './policy-files.js';

/** Of the agent's status what is told here. */
export interface PoliciesInForce {
  readonly policies: AgentStatus['policies'];
  readonly workloads: readonly Pick<
    AgentStatus['workloads'][number],
    'id' | 'namespace' | 'name' | 'labels' | 'policies'
  >[];
}

/** What {@link policyHandlers} need of the agent. */
export interface PolicyHandlersDependencies {
  readonly status: () => Promise<PoliciesInForce>;
  /** The policies in force. */
  readonly state: () => PolicyFilesState;
  readonly postures: () => Postures;
  /** Whether a policy of that key comes from a file. */
  readonly isPolicyFile: (key: string) => boolean;
  /** The processes of a workload, the one that started first in front. */
  readonly pidsOf: (workload: number) => readonly number[];
  readonly confirmations: Confirmations;
}

const keySchema = z.object({ key: z.string() });
const keysSchema = z.object({ keys: z.array(z.string()) });

/** The methods of the agent's socket that are about policies. */
export function policyHandlers(deps: PolicyHandlersDependencies): Readonly<Record<string, JsonHandler>> {
  return {
    policies: async () => listPolicies(deps, await deps.status()),
    'policy.get': (params) => Promise.resolve(getPolicy(deps, params)),
    'policy.confirm': async (params) => ({
      confirmed: await deps.confirmations.confirm(parse(keysSchema, params).keys),
    }),
  };
}

function listPolicies(deps: PolicyHandlersDependencies, { policies, workloads }: PoliciesInForce): unknown {
  return {
    postures: deps.postures(),
    policies: policies.map((policy) => ({
      ...policy,
      source: deps.isPolicyFile(policy.key) ? 'file' : 'gRPC',
      confirmBy: confirmBy(deps, policy.key),
    })),
    workloads: workloads.map(({ id, namespace, name, labels, policies: keys }) => ({
      id,
      namespace,
      name,
      labels,
      policies: keys,
      pids: pidsOrNone(deps, id),
    })),
  };
}

// A workload can end at any moment, and its cgroup with it.
function pidsOrNone({ pidsOf }: PolicyHandlersDependencies, workload: number): readonly number[] {
  try {
    return pidsOf(workload);
  } catch {
    return [];
  }
}

function getPolicy(deps: PolicyHandlersDependencies, params: unknown): unknown {
  const { key } = parse(keySchema, params);
  const file = deps.state().files.find(({ policies }) => policies.some((policy) => policy.key === key));
  if (file === undefined) {
    throw new AgentError(
      'POLICY_UNKNOWN',
      `${key}: expected the key of a policy in force, there is none of it`,
    );
  }
  const source = deps.isPolicyFile(key) ? 'file' : 'gRPC';
  return { key, source, file: file.name, text: file.text, confirmBy: confirmBy(deps, key) };
}

function confirmBy({ confirmations }: PolicyHandlersDependencies, key: string): string | undefined {
  const change = confirmations.find(key);
  return change === undefined ? undefined : new Date(change.deadlineMs).toISOString();
}

function parse<T>(schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new AgentError('REQUEST_INVALID', z.prettifyError(parsed.error));
}
