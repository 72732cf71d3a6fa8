import type { BoundRule } from '../bind/bound-rule.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import type { Finding } from './finding.js';
import { lintAllowLists } from './lint-allow-lists.js';
import { lintMultiCall } from './lint-multi-call.js';
import { lintSources } from './lint-sources.js';

/** Finds what a rule set means on a workload that its authors may not expect. */
export function lint(bound: BoundRuleSet): readonly Finding[] {
  const each = (check: (bound: BoundRuleSet, rule: BoundRule) => readonly Finding[]): readonly Finding[] =>
    bound.rules.flatMap((rule) => check(bound, rule));
  const findings = [
    ...each(lintMultiCall),
    ...each(lintSources),
    ...lintAllowLists(bound),
    ...each(lintSyscalls),
  ];
  const seen = new Map(
    findings.map((finding) => [`${finding.code} ${finding.rule} ${finding.message}`, finding]),
  );
  return [...seen.values()];
}

function lintSyscalls(_: BoundRuleSet, { rule }: BoundRule): readonly Finding[] {
  if (rule.object.match !== 'syscall' || rule.object.syscalls.length > 0) return [];
  return [
    {
      rule: rule.id,
      severity: 'info',
      code: 'NO_SYSCALLS',
      message: 'names no system call and never matches',
    },
  ];
}
