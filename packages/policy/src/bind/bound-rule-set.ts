import type { RuleSet } from '../compile/rule-set.js';
import type { Decision } from '../decide/decision.js';
import type { RuleKind } from '../language/rule.js';
import type { BoundSyscall } from './bound-syscall.js';
import type { BoundRule } from './bound-rule.js';
import type { MultiCallPrograms } from './multi-call.js';
import type { PathRules } from './path-rules.js';
import type { Resolution } from './resolutions.js';

/** A rule set as one workload's root has it. What is in it is for `decide`; only `ruleSet` is for others. */
export interface BoundRuleSet {
  readonly ruleSet: RuleSet;
  readonly rules: readonly BoundRule[];
  readonly process: PathRules;
  readonly file: PathRules;
  readonly network: readonly BoundRule[];
  readonly dns: readonly BoundRule[];
  readonly capabilities: readonly BoundRule[];
  readonly device: readonly BoundRule[];
  readonly syscalls: readonly BoundSyscall[];
  readonly presets: readonly BoundRule[];
  /** What comes of an operation of a kind that no rule matches: only in allow-list mode, and not where the posture allows. */
  readonly unmatched: ReadonlyMap<RuleKind, Decision>;
  readonly programs: MultiCallPrograms;
  readonly resolutions: ReadonlyMap<string, Resolution>;
}
