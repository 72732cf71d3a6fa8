import type { BoundRule } from './bound-rule.js';

/** Receives the rules whose object matches, each with its rank. */
export interface Entrants {
  enter(bound: BoundRule, rank: number): void;
}
