import { loadPolicies, type Policy } from '@kubearmor/policy';
import { z } from 'zod';
import { callAgent } from '../connection/call-agent.js';
import { KarmorError } from '../errors.js';
import { agentPoliciesSchema, type ListedWorkload } from '../policies/agent-policies.js';
import { DEFAULT_NAMESPACE } from '../policies/default-namespace.js';
import type { JudgedWorkload } from './judged-workload.js';

const textSchema = z.object({ file: z.string(), text: z.string() });

/** A workload that runs, by its name, NAMESPACE/NAME or id, as the agent protects it. Throws WORKLOAD_UNKNOWN. */
export async function liveWorkload(socketPath: string, asked: string): Promise<JudgedWorkload> {
  const { postures, policies, workloads } = await callAgent(socketPath, 'policies', {}, agentPoliciesSchema);
  const found = findWorkload(workloads, asked);
  const [pid] = found.pids;
  if (pid === undefined) {
    throw new KarmorError(
      'WORKLOAD_UNKNOWN',
      `${asked}: expected a workload that runs, its processes have ended`,
    );
  }
  const { namespace, name, labels } = found;
  const gaps = policies.flatMap(({ notEnforced }) =>
    notEnforced.map(({ rule, reason }) => [rule, reason] as const),
  );
  return {
    workload: { kind: 'scope', namespace, name, containerName: name, labels },
    policies: await Promise.all(found.policies.map((key) => loadPolicy(socketPath, key))),
    postures,
    root: `/proc/${pid}/root`,
    notEnforced: new Map(gaps),
  };
}

function findWorkload(workloads: readonly ListedWorkload[], asked: string): ListedWorkload {
  const found = workloads.filter(({ id, namespace, name }) =>
    [String(id), name, `${namespace}/${name}`].includes(asked),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = (found.length === 0 ? workloads : found).map(
    ({ id, namespace, name }) => `${namespace}/${name} (${id})`,
  );
  throw new KarmorError(
    'WORKLOAD_UNKNOWN',
    `${asked}: expected one workload of that name or id, got ${found.length === 0 ? 'none' : 'several'} of ${names.join(', ') || 'no workloads'}`,
  );
}

async function loadPolicy(socketPath: string, key: string): Promise<Policy> {
  const { file, text } = await callAgent(socketPath, 'policy.get', { key }, textSchema);
  const { policies } = loadPolicies(text, { file, defaultNamespace: DEFAULT_NAMESPACE });
  const policy = policies.find((each) => each.key === key);
  if (policy !== undefined) return policy;
  throw new KarmorError('ANSWER_MALFORMED', `${file}: expected ${key} in it, got other policies`);
}
