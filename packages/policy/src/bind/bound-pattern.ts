import { PolicyError } from '../errors.js';
import { Matcher } from '../pattern/matcher.js';
import { parseGlob } from '../pattern/parse-glob.js';
import type { Syntax } from '../pattern/syntax.js';
import type { BoundRule } from './bound-rule.js';
import { formsFor } from './forms.js';
import { asDirectory, asPath } from './directory.js';
import type { PatternCandidate } from './path-tables.js';
import { exactness, rankOf } from './rank.js';
import type { Resolutions } from './resolutions.js';

/** A pattern as a workload's root has it: the directories of its literal beginning may have several forms. */
export class BoundPattern {
  readonly bound: BoundRule;
  readonly #beginnings: readonly string[];
  readonly #syntax: Syntax;
  readonly #rest: Matcher;

  constructor(bound: BoundRule, pattern: string, resolutions: Resolutions) {
    const result = parseGlob(pattern);
    if ('fault' in result) {
      throw new PolicyError(
        'MALFORMED_PATTERN',
        `rule ${bound.rule.id}: expected ${result.fault}, got ${JSON.stringify(pattern)}`,
      );
    }
    const { literal, rest } = result.glob;
    this.bound = bound;
    this.#syntax = rest;
    this.#rest = new Matcher(rest);
    const slash = literal.startsWith('/') ? literal.lastIndexOf('/') : -1;
    const directory = literal.slice(0, slash + 1);
    const forms =
      directory === '' ? [''] : formsFor(bound.rule, resolutions.resolve(asPath(directory))).map(asDirectory);
    this.#beginnings = [...new Set(forms)].map((form) => form + literal.slice(slash + 1));
  }

  /** The rank at which a path matches, if it does. */
  rank(path: string): number | undefined {
    let longest = -1;
    for (const beginning of this.#beginnings) {
      const { length } = beginning;
      if (length > longest && path.startsWith(beginning) && this.#rest.matches(path, length))
        longest = length;
    }
    return longest < 0 ? undefined : this.rankOf(longest);
  }

  /** The pattern by each form of its literal beginning. */
  candidates(): readonly PatternCandidate[] {
    return this.#beginnings.map((beginning) => ({
      bound: this.bound,
      rank: this.rankOf(beginning.length),
      beginning,
      rest: this.#syntax,
    }));
  }

  /** The literal beginnings that lie below a directory. */
  beginningsBelow(directory: string): readonly string[] {
    return this.#beginnings.filter((beginning) => beginning.startsWith(directory));
  }

  /** The rank of a match by a literal beginning of that length. */
  rankOf(length: number): number {
    return rankOf(this.bound.sources !== undefined, exactness.pattern, length);
  }
}
