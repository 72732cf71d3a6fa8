import { formatTable } from '../status/table.js';
import type { AgentPolicies } from './agent-policies.js';

/** The policies in force, and what of them is not enforced. */
export function formatPolicyList({ policies, workloads }: AgentPolicies): string {
  if (policies.length === 0) return 'no policy is in force\n';
  const names = new Map(workloads.map(({ id, namespace, name }) => [id, `${namespace}/${name}`]));
  const rows = policies.map(({ key, source, file, workloads: selected, confirmBy }) => [
    key,
    source === 'file' ? file : source,
    selected.length === 0 ? '-' : selected.map((id) => names.get(id) ?? String(id)).join(','),
    confirmBy ?? '-',
  ]);
  const gaps = policies.flatMap(({ notEnforced }) => notEnforced.map(({ rule, reason }) => [rule, reason]));
  const list = formatTable(['POLICY', 'FROM', 'WORKLOADS', 'TO BE CONFIRMED BY'], rows);
  return gaps.length === 0 ? list : `${list}\n${formatTable(['RULE NOT ENFORCED', 'REASON'], gaps)}`;
}
