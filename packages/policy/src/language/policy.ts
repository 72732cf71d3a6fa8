import type { Rule } from './rule.js';

/** The kinds of document that this package loads. */
export type PolicyKind = 'KubeArmorPolicy' | 'KubeArmorHostPolicy' | 'KubeArmorClusterPolicy';

/** One entry of `matchExpressions`. */
export interface MatchExpression {
  readonly key: 'label' | 'namespace';
  readonly operator: 'In' | 'NotIn';
  /** `key=value` for labels, names for namespaces. Empty: the expression says nothing. */
  readonly values: readonly string[];
}

/** Which workloads or nodes a policy is for. */
export interface Selector {
  /** `selector.matchLabels`, or a host policy's `nodeSelector.matchLabels`. */
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly MatchExpression[];
}

/** A policy as it was meant: validated, inherited, expanded. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Empty for host and cluster policies. */
  readonly namespace: string;
  readonly name: string;
  /** `<kind>/<namespace>/<name>`: names collide nowhere. */
  readonly key: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly selector: Selector;
  readonly rules: readonly Rule[];
  /** Those of `rules` that are presets. */
  readonly presets: readonly Rule[];
  /** Those of `rules` that are about system calls. */
  readonly syscalls: readonly Rule[];
  /** Native AppArmor rules, verbatim. */
  readonly apparmor?: string;
}
