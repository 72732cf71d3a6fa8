import type { Decision } from '@kubearmor/policy';
import type { Task } from './task.js';

/** What one of several rule sets says of an operation. */
export interface Judged<T> {
  readonly by: T;
  readonly decision: Decision;
}

/** Whose rules they are: of some nothing is refused. */
interface Audited {
  readonly isAudited: boolean;
}

/** Of what several rule sets say, the first that refuses, else the first that would, else the first alert, else that it passes. */
export function strictest<T extends Audited>(judged: readonly Judged<T>[]): Judged<T> | undefined {
  return (
    judged.find(isRefused) ??
    judged.find(({ decision }) => decision.verdict === 'deny') ??
    judged.find(({ decision }) => decision.alert !== undefined) ??
    judged[0]
  );
}

/** Whether an operation does not go on. */
export function isRefused({ by, decision }: Judged<Audited>): boolean {
  return decision.verdict === 'deny' && !by.isAudited;
}

/** Whether nothing is refused or told after all. Looked at only where it matters: most of what is asked about passes. */
export function isSpared(task: Pick<Task, 'isKernelThread'>, decision: Decision): boolean {
  return decision.alert !== undefined && task.isKernelThread;
}
