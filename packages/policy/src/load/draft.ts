import type { Rule, RuleKind, RuleObject, Source } from '../language/rule.js';
import type { Inherited } from './attributes.js';

/** A rule that does not know its policy yet. */
export interface RuleDraft extends Inherited {
  readonly kind: RuleKind;
  /** As in `process.matchPaths[0]`. */
  readonly location: string;
  readonly object: RuleObject;
  readonly fromSource: readonly Source[];
  readonly ownerOnly: boolean;
  readonly readOnly: boolean;
  readonly pts: false | undefined;
  readonly allowedArgs: readonly string[] | undefined;
}

/** The rules of a policy, from what was read of them in the order in which they were read. */
export function finishRules(drafts: readonly RuleDraft[], name: string, key: string): readonly Rule[] {
  return drafts.map(({ location, pts, allowedArgs, ...draft }, position) => ({
    id: `${key}#${location}`,
    ...draft,
    ...(pts === false && { pts }),
    ...(allowedArgs && { allowedArgs }),
    policyName: name,
    policyKey: key,
    position,
  }));
}
