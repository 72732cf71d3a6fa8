import type { MatchExpression, Policy } from '../language/policy.js';
import { containerNameLabel, listsContainer, matchesContainer } from './container-name.js';
import { selectsNode } from './selects-node.js';
import type { Workload } from './workload.js';

/** Whether a policy is for a workload. */
export function selects(policy: Policy, workload: Workload): boolean {
  switch (policy.kind) {
    case 'KubeArmorHostPolicy':
      return workload.kind === 'host' && selectsNode(policy.selector.matchLabels, workload.labels);
    case 'KubeArmorClusterPolicy':
      return isInCluster(workload) && selectsLabels(policy, workload);
    case 'KubeArmorPolicy':
      return (
        workload.kind !== 'host' && workload.namespace === policy.namespace && selectsLabels(policy, workload)
      );
  }
}

/** A cluster policy is about what runs in namespaces: never about the node's own services. */
function isInCluster({ kind }: Workload): boolean {
  return kind !== 'host' && kind !== 'unit';
}

function selectsLabels({ selector }: Policy, workload: Workload): boolean {
  const { matchLabels, matchExpressions } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => hasIdentity(workload, key, value)) &&
    matchExpressions.every((expression) => holds(expression, workload))
  );
}

function hasIdentity(workload: Workload, key: string, value: string): boolean {
  if (key !== containerNameLabel) return isLabelled(workload, `${key}=${value}`);
  const name = workload.containerName ?? workload.name;
  const isOrchestrated = workload.orchestrated ?? workload.kind === 'pod';
  return isOrchestrated ? listsContainer(value, name) : matchesContainer(value, name);
}

function holds({ key, operator, values }: MatchExpression, workload: Workload): boolean {
  if (values.length === 0) return true;
  const isAmong =
    key === 'namespace'
      ? values.includes(workload.namespace)
      : values.some((value) => isLabelled(workload, value));
  return isAmong === (operator === 'In');
}

/** KubeArmor counts the namespace as a label `namespaceName`. */
function isLabelled({ labels, namespace }: Workload, pair: string): boolean {
  if (pair === `namespaceName=${namespace}`) return true;
  return Object.entries(labels).some(([key, value]) => `${key}=${value}` === pair);
}
