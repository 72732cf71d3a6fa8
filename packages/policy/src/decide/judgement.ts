import type { BoundRule } from '../bind/bound-rule.js';
import type { Contest } from './contest.js';
import type { Decision } from './decision.js';
import { pass } from './decision.js';

interface Leader {
  readonly bound: BoundRule;
  readonly rank: number;
}

/**
 * What the contests under all names of one object come to: a Block under any name denies; else what
 * is allowed under any name passes.
 */
export class Judgement {
  #block: Leader | undefined;
  #failed: Leader | undefined;
  #audit: Leader | undefined;
  #passes = false;

  /** Takes in the contest under one name. Where an Allow does not count under that name, only Blocks and Audits do. */
  add(contest: Contest, allowCounts = true): void {
    const { block, failed, audit, passes, rank, auditRank } = contest;
    if (audit !== undefined) this.#audit = better(this.#audit, audit, auditRank);
    if (block !== undefined) this.#block = better(this.#block, block, rank);
    else if (!allowCounts) return;
    else if (passes) this.#passes = true;
    else if (failed !== undefined) this.#failed = better(this.#failed, failed, rank);
  }

  /** Whether something was denied by a Block rule. */
  get isBlocked(): boolean {
    return this.#block !== undefined;
  }

  /** The decision, if rules alone decide; else nothing. */
  byRules(): Decision | undefined {
    if (this.#block !== undefined) return this.#block.bound.decision;
    if (this.#passes) return this.audited();
    return this.#failed?.bound.decision;
  }

  /** The decision for what passes: an alert if an Audit rule matched. */
  audited(): Decision {
    return this.#audit?.bound.decision ?? pass;
  }
}

function better(leader: Leader | undefined, bound: BoundRule, rank: number): Leader {
  if (leader === undefined || rank > leader.rank) return { bound, rank };
  return rank === leader.rank && bound.order < leader.bound.order ? { bound, rank } : leader;
}
