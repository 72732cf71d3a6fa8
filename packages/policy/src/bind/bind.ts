import type { RuleSet } from '../compile/rule-set.js';
import type { Decision } from '../decide/decision.js';
import { postureDecision } from '../decide/decision.js';
import type { RuleKind } from '../language/rule.js';
import type { BoundRule } from './bound-rule.js';
import { bindRule } from './bound-rule.js';
import type { BoundRuleSet } from './bound-rule-set.js';
import { BoundSyscall } from './bound-syscall.js';
import { findMultiCallPrograms } from './multi-call.js';
import { PathRules } from './path-rules.js';
import { Resolutions } from './resolutions.js';
import type { Resolver } from './resolver.js';

/**
 * Binds a rule set to a workload's root: paths of rules match as written and as they resolve there.
 * `previous` is what the workload had before: Block and Audit rules keep its resolutions, Allow rules
 * stay with the first.
 */
export function bind(ruleSet: RuleSet, resolver: Resolver, previous?: BoundRuleSet): BoundRuleSet {
  const programs = findMultiCallPrograms(resolver);
  const resolutions = new Resolutions(resolver, programs, previous?.resolutions ?? new Map());
  const rules = ruleSet.rules.map((rule, order) => bindRule(rule, order, resolutions));
  const byKind = Map.groupBy(rules, ({ rule }) => rule.kind);
  const of = (kind: RuleKind): readonly BoundRule[] => byKind.get(kind) ?? [];
  const bound = {
    ruleSet,
    rules,
    process: new PathRules(of('process'), resolutions),
    file: new PathRules(of('file'), resolutions),
    network: of('network'),
    dns: of('dns'),
    capabilities: of('capabilities'),
    device: of('device'),
    syscalls: of('syscall').flatMap((rule) => bindSyscall(rule, resolutions)),
    presets: of('preset'),
    unmatched: unmatchedDecisions(ruleSet),
    programs,
  };
  return { ...bound, resolutions: resolutions.all() };
}

function bindSyscall(bound: BoundRule, resolutions: Resolutions): readonly BoundSyscall[] {
  const { object } = bound.rule;
  return object.match === 'syscall' ? [new BoundSyscall(bound, object, resolutions)] : [];
}

const postureKinds = [
  ['process', 'file'],
  ['file', 'file'],
  ['network', 'network'],
  ['dns', 'network'],
  ['capabilities', 'capabilities'],
  ['device', 'device'],
] as const;

/** An Allow rule puts its kind, and no other, into allow-list mode. */
function unmatchedDecisions({ rules, postures }: RuleSet): ReadonlyMap<RuleKind, Decision> {
  const allowed = new Set(rules.filter(({ action }) => action === 'Allow').map(({ kind }) => kind));
  const decisions = new Map<RuleKind, Decision>();
  for (const [kind, name] of postureKinds) {
    const posture = postures[name];
    if (allowed.has(kind) && posture !== 'allow') decisions.set(kind, postureDecision(name, posture));
  }
  return decisions;
}
