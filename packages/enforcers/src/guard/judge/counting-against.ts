import type { Decision } from '@kubearmor/policy';

/**
 * A decision about a file that has names which count only against it: what they are blocked by holds, what they would
 * be allowed by does not, and no posture is asked about them.
 */
export function countingAgainst(
  decision: Decision,
  names: readonly string[],
  decideUnder: (path: string, otherNames: readonly string[]) => Decision,
): Decision {
  const [path, ...otherNames] = names;
  if (decision.verdict === 'deny' || path === undefined) return decision;
  const other = decideUnder(path, otherNames);
  if (other.alert === undefined || other.alert.rule.startsWith('posture:')) return decision;
  return other.verdict === 'deny' || decision.alert === undefined ? other : decision;
}
