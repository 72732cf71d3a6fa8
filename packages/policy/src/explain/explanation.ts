import type { Decision } from '../decide/decision.js';

/** Why an operation is judged as it is. */
export interface Explanation {
  readonly decision: Decision;
  /** The rules that matched, in the order of the rule set. */
  readonly matched: readonly MatchedRule[];
  readonly unmatched: readonly UnmatchedRule[];
  /** `posture:<name>`, if that decided. */
  readonly posture?: string;
}

/** A rule that matched. */
export interface MatchedRule {
  readonly rule: string;
  /** Whether the decision is due to it. */
  readonly decided: boolean;
  readonly reason: string;
}

/** A rule that did not. */
export interface UnmatchedRule {
  readonly rule: string;
  readonly why: string;
}
