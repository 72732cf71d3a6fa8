import type { Policy } from '../language/policy.js';
import { canonicalText } from './canonical-text.js';
import type { Postures } from './postures.js';
import type { NativeRules, RuleSet } from './rule-set.js';
import { sha256 } from './sha256.js';

/** Compiles the policies that select a workload. Neither their order nor repetition makes a difference. */
export function compile(policies: readonly Policy[], postures: Postures): RuleSet {
  const native = policies.flatMap(({ key, apparmor }): readonly NativeRules[] =>
    apparmor === undefined ? [] : [{ policyKey: key, text: apparmor }],
  );
  const rules = policies.flatMap((policy) => policy.rules);
  const content = {
    rules: inOrder(rules, (rule) => [rule.policyKey, rule.position]),
    postures,
    apparmor: inOrder(native, ({ policyKey }) => [policyKey, 0]),
  };
  return { hash: sha256(canonicalText(content)), ...content };
}

/** By policy and position, then by content, which settles the rest when one policy comes in two versions. */
function inOrder<T>(
  items: readonly T[],
  placeOf: (item: T) => readonly [policyKey: string, position: number],
): readonly T[] {
  const byText = new Map(items.map((item) => [canonicalText(item), item]));
  return [...byText]
    .map(([text, item]) => ({ text, item, place: placeOf(item) }))
    .sort(
      (a, b) => compareText(a.place[0], b.place[0]) || a.place[1] - b.place[1] || compareText(a.text, b.text),
    )
    .map(({ item }) => item);
}

/** By code unit: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
