import type { Decision } from '../decide/decision.js';
import { ruleDecision } from '../decide/decision.js';
import type { Rule } from '../language/rule.js';
import { BoundSources } from './bound-sources.js';
import type { Resolution, Resolutions } from './resolutions.js';

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

/** The forms that count for a rule: an Allow must not grow by links that the workload makes. */
export function formsFor({ action }: Rule, resolution: Resolution): readonly string[] {
  return action === 'Allow' ? resolution.first : resolution.ever;
}

/** The file whose other hard links count for a rule. */
export function fileFor({ action }: Rule, resolution: Resolution): string | undefined {
  return action === 'Allow' ? resolution.firstFile : resolution.file;
}
