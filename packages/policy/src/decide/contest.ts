import type { BoundRule } from '../bind/bound-rule.js';
import type { Entrants } from '../bind/entrants.js';
import type { Facts } from './facts.js';
import { satisfies } from './facts.js';

/**
 * The rules that match one object under one name, reduced to what decides: of Block and Allow the best
 * rank alone, of Audit the best that alerts.
 */
export class Contest implements Entrants {
  readonly #facts: Facts;
  #rank = -1;
  /** The Block that denies. */
  block: BoundRule | undefined;
  /** Something of the best rank lets it pass. */
  passes = false;
  /** The Allow of the best rank whose modifiers fail. */
  failed: BoundRule | undefined;
  #auditRank = -1;
  audit: BoundRule | undefined;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  get rank(): number {
    return this.#rank;
  }

  get auditRank(): number {
    return this.#auditRank;
  }

  /** Takes in a rule whose object matches; its source must too. */
  enter(bound: BoundRule, rank: number): void {
    const { subject, isProcess, trace } = this.#facts;
    if (bound.sources !== undefined && !bound.sources.has(subject, isProcess)) return;
    const isSatisfied = satisfies(bound, this.#facts);
    trace?.(bound, rank, isSatisfied);
    this.#enter(bound, rank, isSatisfied);
  }

  #enter(bound: BoundRule, rank: number, isSatisfied: boolean): void {
    if (bound.rule.action === 'Audit') {
      if (!bound.hasModifiers || !isSatisfied) this.#enterAudit(bound, rank);
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

  #enterAudit(bound: BoundRule, rank: number): void {
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
