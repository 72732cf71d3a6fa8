import type { RuleSet } from '@kubearmor/policy';
import type { Denials } from './guarded-workload.js';

/** Which kinds of operation a rule set can deny: by a Block rule, by a block posture, or by an Allow rule's modifier. */
export function denialsOf(ruleSet: RuleSet): Denials {
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
