import type { RuleSet } from '@kubearmor/policy';
import type { Denials } from './guarded-workload.js';

const NONE: Denials = { process: false, file: false, network: false };

/** Which kinds of operation a rule set can deny, by a Block rule, by a block posture, or by an Allow rule's modifier: none where it is only audited. */
export function denialsOf(ruleSet: RuleSet, isAudited: boolean): Denials {
  if (isAudited) return NONE;
  return {
    process: denies(ruleSet, 'process', ruleSet.postures.file),
    file: denies(ruleSet, 'file', ruleSet.postures.file),
    network: denies(ruleSet, 'network', ruleSet.postures.network),
  };
}

function denies(ruleSet: RuleSet, kind: 'process' | 'file' | 'network', posture: string): boolean {
  return ruleSet.rules.some(
    (rule) =>
      rule.kind === kind && (rule.action === 'Block' || (rule.action === 'Allow' && posture === 'block')),
  );
}
