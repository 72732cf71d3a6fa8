import type { Support } from '@kubearmor/enforcers';
import type { Rule } from '@kubearmor/policy';
import type { AgentStatus } from './agent-status.js';
import type { PolicyFile } from './policy-files.js';
import type { InForce } from './workload-registry.js';

/** What is in force for workloads; `tasks` has how many of each the kernel knows. */
export function workloadStatuses(
  inForce: readonly InForce[],
  tasks: ReadonlyMap<number, number>,
): AgentStatus['workloads'] {
  return inForce.map(({ scope, sinceMs, ...rest }) => ({
    id: scope.id,
    namespace: scope.namespace,
    name: scope.name,
    labels: scope.labels,
    tasks: tasks.get(scope.id) ?? 0,
    since: new Date(sinceMs).toISOString(),
    ...rest,
  }));
}

/** Which workloads policies are in force for, and how far. */
export function policyStatuses(
  files: readonly PolicyFile[],
  inForce: readonly InForce[],
  supports: (rule: Rule) => Support,
): AgentStatus['policies'] {
  return files.flatMap((file) =>
    file.policies.map(({ key, rules }) => ({
      key,
      file: file.name,
      workloads: inForce.filter(({ policies }) => policies.includes(key)).map(({ scope }) => scope.id),
      notEnforced: rules.flatMap((rule) => {
        const support = supports(rule);
        return support.kind === 'enforced' ? [] : [{ rule: rule.id, reason: support.reason }];
      }),
    })),
  );
}
