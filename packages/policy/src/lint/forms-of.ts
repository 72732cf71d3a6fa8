import type { BoundRuleSet } from '../bind/bound-rule-set.js';

/** The forms that a path of a rule has had in the workload. */
export function formsOf({ resolutions }: BoundRuleSet, path: string): readonly string[] {
  return [...resolutions].flatMap(([written, { ever }]) => (written === path ? ever : []));
}
