import type { Rule } from '../language/rule.js';

/** The alert that one operation gives. */
export interface Alert {
  /** `DefaultPosture` for a posture, and for what fails the modifier of an Allow rule. */
  readonly policyName: string;
  /** Absent for a posture. */
  readonly policyKey?: string;
  /** What decided: the id of a rule, or `posture:<kind>`. */
  readonly rule: string;
  readonly action: 'Block' | 'Audit';
  /** 0 for a posture. */
  readonly severity: number;
  readonly tags: readonly string[];
  readonly message: string;
}

/** What comes of an operation. */
export interface Decision {
  readonly verdict: 'pass' | 'deny';
  readonly alert?: Alert;
}

/** What comes of most operations. */
export const pass: Decision = Object.freeze({ verdict: 'pass' });

/** What KubeArmor's clients expect as the name of the policy where there is none. */
const defaultPosture = 'DefaultPosture';

/** What comes of an operation that a rule decides: denied by a Block or a failing Allow, alerted by an Audit. */
export function ruleDecision(rule: Rule): Decision {
  const { id, policyName, policyKey, severity, tags, message, action } = rule;
  const verdict = action === 'Audit' ? 'pass' : 'deny';
  const alert: Alert = {
    policyName: action === 'Allow' ? defaultPosture : policyName,
    policyKey,
    rule: id,
    action: action === 'Audit' ? 'Audit' : 'Block',
    severity,
    tags,
    message,
  };
  return Object.freeze({ verdict, alert });
}

/** What comes of an operation that a posture decides. */
export function postureDecision(name: string, posture: 'block' | 'audit'): Decision {
  const alert: Alert = {
    policyName: defaultPosture,
    rule: `posture:${name}`,
    action: posture === 'block' ? 'Block' : 'Audit',
    severity: 0,
    tags: [],
    message: '',
  };
  return Object.freeze({ verdict: posture === 'block' ? 'deny' : 'pass', alert });
}
