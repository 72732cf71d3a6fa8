import type { Rule } from '../language/rule.js';
import type { Postures } from './postures.js';

/** Native AppArmor rules of one policy. */
export interface NativeRules {
  readonly policyKey: string;
  readonly text: string;
}

/** All that decides about a workload, in one canonical order. */
export interface RuleSet {
  /** SHA-256 of the content, in hex: equal content has equal hashes. */
  readonly hash: string;
  readonly rules: readonly Rule[];
  readonly postures: Postures;
  readonly apparmor: readonly NativeRules[];
}
