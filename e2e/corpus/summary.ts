import type { CorpusGroup } from '@kubearmor/testkit';
import { isOnlyTold } from './is-only-told.ts';
import { skipReason } from './skip-reason.ts';

/** How many cases are tried on the guard, how many it can only tell of, and how many are skipped, by reason. */
export function summarize(groups: readonly CorpusGroup[]): string {
  const all = groups.flatMap((group) => group.cases.map((one) => ({ one, reason: skipReason(group, one) })));
  const tried = all.filter(({ reason }) => reason === undefined);
  const told = tried.filter(({ one }) => isOnlyTold(one.operation));
  const counts = Map.groupBy(all, ({ reason }) => reason ?? '');
  counts.delete('');
  const reasons = [...counts].map(([reason, cases]) => [cases.length, reason] as const).sort(([a], [b]) => b - a);
  const share = Math.round((100 * tried.length) / all.length);
  return [
    `${tried.length} of ${all.length} cases run (${share} %): ${tried.length - told.length} refusable, ${told.length} only told`,
    ...reasons.map(([count, reason]) => `  ${count} skipped: ${reason}`),
  ].join('\n');
}
