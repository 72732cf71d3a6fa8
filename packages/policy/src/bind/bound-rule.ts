import type { Decision } from '../decide/decision.js';
import { ruleDecision } from '../decide/decision.js';
import type { Rule } from '../language/rule.js';
import { BoundSources } from './bound-sources.js';
import type { Resolutions } from './resolutions.js';

/** A rule as a workload's root has it, with all that can be worked out before an operation. */
export interface BoundRule {
  readonly rule: Rule;
  /** Its place in the rule set: what settles ties. */
  readonly order: number;
  /** Nothing: any source. */
  readonly sources: BoundSources | undefined;
  readonly hasModifiers: boolean;
  readonly allowedArgs: ReadonlySet<string> | undefined;
  /** What comes of an operation that it decides. */
  readonly decision: Decision;
}

/** Binds what all kinds of rules have. */
export function bindRule(rule: Rule, order: number, resolutions: Resolutions): BoundRule {
  const { ownerOnly, readOnly, pts, allowedArgs, fromSource } = rule;
  return {
    rule,
    order,
    sources: fromSource.length === 0 ? undefined : new BoundSources(rule, resolutions),
    hasModifiers: ownerOnly || readOnly || pts === false || allowedArgs !== undefined,
    allowedArgs: allowedArgs && new Set(allowedArgs),
    decision: ruleDecision(rule),
  };
}
