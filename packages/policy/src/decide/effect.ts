import type { Candidate } from '../bind/path-tables.js';
import { Contest } from './contest.js';
import type { Facts } from './facts.js';

/** What the best of the Block and Allow rules come to. */
export interface Deciding {
  /** A Block that denies; something that lets pass; an Allow whose modifiers fail. */
  readonly outcome: 'block' | 'pass' | 'fail';
  readonly rank: number;
  /** Place of the rule in the rule set; 0 where something passes. */
  readonly order: number;
}

/** The Audit rule that alerts. */
export interface Auditing {
  readonly rank: number;
  readonly order: number;
}

/**
 * What rules that match one object under one name come to, for one kind of subject and access. Effects of parts of the
 * rules can be put together: the higher rank wins; at equal ranks a block, then a pass, then the earlier rule.
 */
export interface Effect {
  readonly deciding?: Deciding;
  readonly auditing?: Auditing;
}

/** The effect of rules whose objects match: of the same contest that `decide` holds. */
export function effectOf(candidates: readonly Candidate[], facts: Omit<Facts, 'trace'>): Effect {
  const contest = new Contest({ ...facts, trace: undefined });
  for (const { bound, rank } of candidates) contest.enter(bound, rank);
  const deciding = decidingOf(contest);
  const { audit, auditRank } = contest;
  return {
    ...(deciding && { deciding }),
    ...(audit && { auditing: { rank: auditRank, order: audit.order } }),
  };
}

function decidingOf({ block, passes, failed, rank }: Contest): Deciding | undefined {
  if (block !== undefined) return { outcome: 'block', rank, order: block.order };
  if (passes) return { outcome: 'pass', rank, order: 0 };
  return failed && { outcome: 'fail', rank, order: failed.order };
}
