import type { Decision } from '@kubearmor/policy';

/** What one of several rule sets says of an operation. */
export interface Judged<T> {
  readonly by: T;
  readonly decision: Decision;
}

/** Of what several rule sets say, the first denial, else the first alert, else that it passes. */
export function strictest<T>(judged: readonly Judged<T>[]): Judged<T> | undefined {
  return (
    judged.find(({ decision }) => decision.verdict === 'deny') ??
    judged.find(({ decision }) => decision.alert !== undefined) ??
    judged[0]
  );
}
