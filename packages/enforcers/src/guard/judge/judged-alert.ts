import type { Decision } from '@kubearmor/policy';
import { describeTask } from './describe-task.js';
import type { AlertOperation, GuardAlert } from '../guard-alert.js';
import type { GuardedWorkload } from '../guarded-workload.js';
import type { Task } from './task.js';

/** The alert that a decision asks for; undefined where it asks for none. */
export function judgedAlert(
  workload: GuardedWorkload,
  task: Task,
  decision: Decision,
  wallNs: bigint,
  operation: () => AlertOperation,
): GuardAlert | undefined {
  if (decision.alert === undefined) return undefined;
  return {
    workload: workload.id,
    timeNs: String(wallNs),
    decision,
    isEnforced: decision.verdict === 'deny' && !workload.isAudited,
    process: describeTask(task),
    operation: operation(),
  };
}
