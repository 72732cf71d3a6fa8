import { reachOf } from '@kubearmor/enforcers';
import {
  bind,
  compile,
  describeLockout,
  lint,
  lockout,
  type Policy,
  type Postures,
  type Resolver,
} from '@kubearmor/policy';
import type { PolicyFindingCode } from './finding-code.js';

/** Something about a rule that its author may not expect. */
export interface PolicyFinding {
  readonly rule: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly code: PolicyFindingCode;
  readonly message: string;
}

/** Finds what policies mean that may not be meant. Those that select the same workloads are looked at together, as they are there. */
export function lintPolicies(
  policies: readonly Policy[],
  postures: Postures,
  resolver: Resolver,
): readonly PolicyFinding[] {
  const groups = Map.groupBy(policies, ({ kind, namespace, selector }) =>
    JSON.stringify([kind, namespace, selector]),
  );
  return [...groups.values()].flatMap((group) => [
    ...lint(bind(compile(group, postures), resolver)),
    ...group.flatMap(lintReach),
    ...group.flatMap((policy) => lintLockout(policy, postures, resolver)),
  ]);
}

/** What an agent would refuse to put in force. */
function lintLockout(policy: Policy, postures: Postures, resolver: Resolver): readonly PolicyFinding[] {
  const lockouts = lockout(policy, { postures, resolver });
  const message = describeLockout(policy, lockouts);
  return message === undefined
    ? []
    : [{ rule: lockouts[0]?.rule ?? policy.key, severity: 'error', code: 'LOCKOUT', message }];
}

/** What the guard cannot refuse. */
function lintReach({ rules }: Policy): readonly PolicyFinding[] {
  const findings = new Map<string, PolicyFinding>();
  for (const rule of rules) {
    const support = reachOf(rule);
    if (support.kind === 'enforced') continue;
    const message = `the guard carries it out ${support.kind === 'partial' ? 'in part' : 'by telling only'}: ${support.reason}`;
    findings.set(rule.id, { rule: rule.id, severity: 'info', code: 'GUARD_REACH', message });
  }
  return [...findings.values()];
}
