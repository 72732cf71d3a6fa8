import type { BoundRule } from '../bind/bound-rule.js';

/** Told of every rule that matched, for explanations. */
export type Trace = (bound: BoundRule, rank: number, isSatisfied: boolean) => void;

/**
 * The rules that match one object under one name, reduced to what decides: of Block and Allow the best
 * rank alone, of Audit the best that alerts.
 */
export class Contest {
  readonly #trace: Trace | undefined;
  #rank = -1;
  /** The Block that denies. */
  block: BoundRule | undefined;
  /** Something of the best rank lets it pass. */
  passes = false;
  /** The Allow of the best rank whose modifiers fail. */
  failed: BoundRule | undefined;
  #auditRank = -1;
  audit: BoundRule | undefined;

  constructor(trace: Trace | undefined) {
    this.#trace = trace;
  }

  get rank(): number {
    return this.#rank;
  }

  get auditRank(): number {
    return this.#auditRank;
  }

  /** Takes in one matching rule. */
  offer(bound: BoundRule, rank: number, isSatisfied: boolean): void {
    this.#trace?.(bound, rank, isSatisfied);
    if (bound.rule.action === 'Audit') {
      if (!bound.hasModifiers || !isSatisfied) this.#offerAudit(bound, rank);
      return;
    }
    if (rank < this.#rank) return;
    if (rank > this.#rank) this.#restart(rank);
    if (bound.rule.action === 'Allow') {
      if (isSatisfied) this.passes = true;
      else this.failed = earlier(this.failed, bound);
    } else if (bound.hasModifiers && isSatisfied) this.passes = true;
    else this.block = earlier(this.block, bound);
  }

  #offerAudit(bound: BoundRule, rank: number): void {
    if (rank < this.#auditRank) return;
    this.audit = rank > this.#auditRank ? bound : earlier(this.audit, bound);
    this.#auditRank = rank;
  }

  #restart(rank: number): void {
    this.#rank = rank;
    this.block = undefined;
    this.passes = false;
    this.failed = undefined;
  }
}

function earlier(a: BoundRule | undefined, b: BoundRule): BoundRule {
  return a !== undefined && a.order < b.order ? a : b;
}
