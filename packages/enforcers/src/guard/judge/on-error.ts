import type { Decision } from '@kubearmor/policy';
import type { GuardedWorkload } from '../guarded-workload.js';

/** What an operation comes to that cannot be judged: denied where a Block rule or posture of its kind applies and `onError` says so. */
export function errorDecision(
  { denials }: GuardedWorkload,
  isExec: boolean,
  onError: 'deny' | 'allow',
): Decision {
  const applies = isExec ? denials.process || denials.file : denials.file;
  const verdict = applies && onError === 'deny' ? 'deny' : 'pass';
  const action = verdict === 'deny' ? 'Block' : 'Audit';
  const message = 'the operation could not be judged';
  return {
    verdict,
    alert: { policyName: 'DefaultPosture', rule: 'onError', action, severity: 0, tags: [], message },
  };
}
