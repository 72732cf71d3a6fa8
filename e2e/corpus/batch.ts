import type { CorpusCase, CorpusGroup } from '@kubearmor/testkit';
import { isOnlyTold } from './is-only-told.ts';
import { skipReason } from './skip-reason.ts';

/** Cases of one group that can share a scope. */
export interface Batch {
  readonly group: CorpusGroup;
  readonly cases: readonly CorpusCase[];
}

/** Cases that are tried, grouped: what the guard cannot refuse changes the root, so each such case gets a scope of its own. */
export function batchesOf(groups: readonly CorpusGroup[]): readonly Batch[] {
  return groups.flatMap((group) => {
    const tried = group.cases.filter((one) => skipReason(group, one) === undefined);
    const refusable = tried.filter((one) => !isOnlyTold(one.operation));
    const told = tried.filter((one) => isOnlyTold(one.operation));
    return [...(refusable.length > 0 ? [{ group, cases: refusable }] : []), ...told.map((one) => ({ group, cases: [one] }))];
  });
}
