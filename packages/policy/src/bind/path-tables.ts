import type { Syntax } from '../pattern/syntax.js';
import type { BoundRule } from './bound-rule.js';

/** A rule with the rank at which it matches what it is looked up by. */
export interface Candidate {
  readonly bound: BoundRule;
  readonly rank: number;
}

/** A rule about a directory; one that is not recursive matches direct children and the directory itself only. */
export interface DirectoryCandidate extends Candidate {
  readonly recursive: boolean;
}

/** A rule about a file that may have other hard links; under one of `forms` it is judged by its name. */
export interface LinkCandidate extends Candidate {
  readonly forms: readonly string[];
}

/** A pattern by one form of its literal beginning, and what must follow that. */
export interface PatternCandidate extends Candidate {
  readonly beginning: string;
  readonly rest: Syntax;
}

/** The rules of one kind that are about paths, by what they are looked up by. */
export interface PathTables {
  readonly paths: ReadonlyMap<string, readonly Candidate[]>;
  /** By the last component. */
  readonly names: ReadonlyMap<string, readonly Candidate[]>;
  /** By the path with a slash at its end. */
  readonly directories: ReadonlyMap<string, readonly DirectoryCandidate[]>;
  /** By `dev:ino`. */
  readonly files: ReadonlyMap<string, readonly LinkCandidate[]>;
  readonly patterns: readonly PatternCandidate[];
}

/** A path, or the literal beginning of a pattern, that rules name, with the rules that match there. */
export interface NamedPath {
  readonly path: string;
  readonly candidates: readonly Candidate[];
}
