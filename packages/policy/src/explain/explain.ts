import type { BoundRule } from '../bind/bound-rule.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import { decide } from '../decide/decide.js';
import type { Decision } from '../decide/decision.js';
import type { Operation } from '../decide/operation.js';
import type { RuleKind } from '../language/rule.js';
import type { Explanation, MatchedRule, UnmatchedRule } from './explanation.js';

/** Judges an operation and says which rules matched, which decided, and why the others did not match. */
export function explain(bound: BoundRuleSet, operation: Operation): Explanation {
  const matches = new Map<BoundRule, Match>();
  const decision = decide(bound, operation, (rule, rank, isSatisfied) => {
    const earlier = matches.get(rule);
    if (earlier === undefined || rank > earlier.rank) matches.set(rule, { bound: rule, rank, isSatisfied });
  });
  const inOrder = [...matches.values()].sort((a, b) => a.bound.order - b.bound.order);
  const decider = deciderOf(decision, inOrder);
  const explanation = {
    decision,
    matched: inOrder.map((match) => explainMatch(match, decider)),
    unmatched: bound.rules
      .filter((rule) => !matches.has(rule))
      .map((rule): UnmatchedRule => ({ rule: rule.rule.id, why: whyNot(rule, operation) })),
  };
  const posture = decision.alert?.rule;
  return posture?.startsWith('posture:') ? { ...explanation, posture } : explanation;
}

interface Match {
  readonly bound: BoundRule;
  readonly rank: number;
  readonly isSatisfied: boolean;
}

/** What the alert names; where there is none, the best of what let the operation pass. */
function deciderOf({ alert }: Decision, matches: readonly Match[]): Match | undefined {
  if (alert !== undefined) return matches.find(({ bound }) => bound.rule.id === alert.rule);
  const passing = matches.filter(({ bound, isSatisfied }) => bound.rule.action !== 'Audit' && isSatisfied);
  return passing.toSorted((a, b) => b.rank - a.rank)[0];
}

function explainMatch(match: Match, decider: Match | undefined): MatchedRule {
  const decided = match === decider;
  const own = effectOf(match);
  const isOutranked = !decided && decider !== undefined && match.rank < decider.rank;
  const reason = isOutranked ? `${own}, but ${decider.bound.rule.id} is more specific` : own;
  return { rule: match.bound.rule.id, decided, reason };
}

function effectOf({ bound, isSatisfied }: Match): string {
  const { rule, hasModifiers } = bound;
  const modified = hasModifiers ? `, its modifiers ${isSatisfied ? 'satisfied' : 'not satisfied'}` : '';
  switch (rule.action) {
    case 'Allow':
      return `${isSatisfied ? 'allows' : 'denies'}${modified}`;
    case 'Block':
      return `${hasModifiers && isSatisfied ? 'lets pass' : 'denies'}${modified}`;
    case 'Audit':
      return `${hasModifiers && isSatisfied ? 'does not alert' : 'alerts'}${modified}`;
  }
}

function whyNot({ rule, sources }: BoundRule, operation: Operation): string {
  const kinds = ruleKinds(operation);
  if (!kinds.includes(rule.kind)) return `is about ${rule.kind}`;
  const { subject } = operation;
  if (sources !== undefined && !(subject && sources.has(subject, rule.kind === 'process'))) {
    return `fromSource has not ${subject?.exe ?? 'the kernel'}`;
  }
  return 'is about another object';
}

function ruleKinds(operation: Operation): readonly RuleKind[] {
  if (operation.kind === 'exec') return ['file', 'process'];
  if (operation.kind === 'file') return operation.byLoader === true ? ['file', 'process'] : ['file'];
  return [operation.kind];
}
