import type { BoundRule } from './bound-rule.js';
import { fileFor, formsFor } from './forms.js';
import { BoundPattern } from './bound-pattern.js';
import type { Entrants } from './entrants.js';
import { asDirectory, asPath, depthOf } from './directory.js';
import { lastComponent } from './multi-call.js';
import { exactness, rankOf } from './rank.js';
import type { Candidate, DirectoryCandidate, NamedPath, PathTables } from './path-tables.js';
import type { Resolutions } from './resolutions.js';

/** A rule about a file that may have other hard links, and the names by which it is judged anyway. */
interface BoundFile {
  readonly bound: BoundRule;
  readonly forms: readonly string[];
}

/** A pattern by one form of its literal beginning. */
export interface PatternBeginning {
  readonly pattern: BoundPattern;
  readonly beginning: string;
}

/** The rules of one kind that are about paths, indexed by what they can be looked up by. */
export class PathRules {
  readonly #rules: readonly BoundRule[];
  readonly #byPath = new Map<string, BoundRule[]>();
  readonly #byFile = new Map<string, BoundFile[]>();
  readonly #byName = new Map<string, BoundRule[]>();
  readonly #byDirectory = new Map<string, DirectoryCandidate[]>();
  /** Lengths of directories that rules name, so that other beginnings of a path are not even looked up. */
  readonly #directoryLengths = new Set<number>();
  readonly #patterns: BoundPattern[] = [];

  constructor(rules: readonly BoundRule[], resolutions: Resolutions) {
    this.#rules = rules;
    for (const bound of rules) this.#add(bound, resolutions);
  }

  /** Whether no rule is there at all. */
  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Offers every rule that matches an object by one of its names; `requested` is a further last component. */
  offer(path: string, entrants: Entrants, requested?: string): void {
    this.offerExact(path, entrants);
    if (this.#byName.size > 0) {
      const own = lastComponent(path);
      this.offerNamed(own, entrants);
      if (requested !== undefined && requested !== own) this.offerNamed(requested, entrants);
    }
    for (const pattern of this.#patterns) {
      const rank = pattern.rank(path);
      if (rank !== undefined) entrants.enter(pattern.bound, rank);
    }
    this.#offerDirectories(path, entrants);
  }

  /** Offers the rules about exactly that path. */
  offerExact(path: string, entrants: Entrants): void {
    for (const bound of this.#byPath.get(path) ?? nothing) {
      entrants.enter(bound, rankOf(bound.sources !== undefined, exactness.path, 0));
    }
  }

  /** Offers the rules about executables of that name. */
  offerNamed(name: string, entrants: Entrants): void {
    for (const bound of this.#byName.get(name) ?? nothing) {
      entrants.enter(bound, rankOf(bound.sources !== undefined, exactness.execname, 0));
    }
  }

  /** Offers the rules about a path that is another hard link to the file; the names judged already are left out. */
  offerHardLinks(fileId: string, isJudged: (path: string) => boolean, entrants: Entrants): void {
    for (const { bound, forms } of this.#byFile.get(fileId) ?? noFiles) {
      if (forms.some(isJudged)) continue;
      entrants.enter(bound, rankOf(bound.sources !== undefined, exactness.path, 0));
    }
  }

  /** The paths below a directory that rules name. */
  pathsBelow(directory: string): readonly string[] {
    const prefix = asDirectory(directory);
    const directories = [...this.#byDirectory.keys()].map((dir) => dir.slice(0, -1));
    return [...this.#byPath.keys(), ...directories].filter((path) => path.startsWith(prefix));
  }

  /** The patterns whose literal beginning lies below a directory, with that beginning. */
  patternsBelow(directory: string): readonly PatternBeginning[] {
    const prefix = asDirectory(directory);
    return this.#patterns.flatMap((pattern) =>
      pattern.beginningsBelow(prefix).map((beginning) => ({ pattern, beginning })),
    );
  }

  /** Everything that can be looked up, for enforcers that carry it elsewhere. */
  tables(): PathTables {
    const ranked =
      (exact: number) =>
      (bound: BoundRule): Candidate => ({
        bound,
        rank: rankOf(bound.sources !== undefined, exact, 0),
      });
    const files = [...this.#byFile].map(([file, rules]) => {
      const links = rules.map(({ bound, forms }) => ({ ...ranked(exactness.path)(bound), forms }));
      return [file, links] as const;
    });
    return {
      paths: mapAll(this.#byPath, ranked(exactness.path)),
      names: mapAll(this.#byName, ranked(exactness.execname)),
      directories: new Map(this.#byDirectory),
      files: new Map(files),
      patterns: this.#patterns.flatMap((pattern) => pattern.candidates()),
    };
  }

  /** What a change of a directory is a write to, in the order in which it is judged. */
  namedPaths(): readonly NamedPath[] {
    const directories = [...this.#byDirectory.keys()].map((dir) => dir.slice(0, -1));
    const named = [...this.#byPath.keys(), ...directories].map((path) => ({
      path,
      candidates: this.#candidatesAt(path),
    }));
    const patterns = this.#patterns.flatMap((pattern) =>
      pattern.candidates().map(({ bound, rank, beginning }) => ({
        path: beginning,
        candidates: [
          ...this.#candidatesAt(beginning.endsWith('/') ? asPath(beginning) : beginning),
          { bound, rank },
        ],
      })),
    );
    return [...named, ...patterns];
  }

  #candidatesAt(path: string): readonly Candidate[] {
    const candidates: Candidate[] = [];
    this.offer(path, { enter: (bound, rank) => candidates.push({ bound, rank }) });
    return candidates;
  }

  #offerDirectories(path: string, entrants: Entrants): void {
    const end = path.length;
    if (this.#directoryLengths.has(end + 1)) this.#offerDirectory(`${path}/`, true, entrants);
    const parent = path.lastIndexOf('/');
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (!this.#directoryLengths.has(slash + 1)) continue;
      this.#offerDirectory(path.slice(0, slash + 1), slash === parent, entrants);
    }
  }

  #offerDirectory(dir: string, isNear: boolean, entrants: Entrants): void {
    for (const { bound, recursive, rank } of this.#byDirectory.get(dir) ?? noDirectories) {
      if (recursive || isNear) entrants.enter(bound, rank);
    }
  }

  #add(bound: BoundRule, resolutions: Resolutions): void {
    const { object } = bound.rule;
    if (object.match === 'path') this.#addPath(bound, object.path, resolutions);
    if (object.match === 'dir') this.#addDirectory(bound, object.dir, object.recursive, resolutions);
    if (object.match === 'execname') append(this.#byName, object.execname, bound);
    if (object.match === 'pattern') this.#patterns.push(new BoundPattern(bound, object.pattern, resolutions));
  }

  #addPath(bound: BoundRule, path: string, resolutions: Resolutions): void {
    const resolution = resolutions.resolve(path);
    const forms = formsFor(bound.rule, resolution);
    for (const form of forms) append(this.#byPath, form, bound);
    const file = fileFor(bound.rule, resolution);
    if (file !== undefined) append(this.#byFile, file, { bound, forms });
  }

  #addDirectory(bound: BoundRule, dir: string, recursive: boolean, resolutions: Resolutions): void {
    const forms = new Set(formsFor(bound.rule, resolutions.resolve(asPath(dir))).map(asDirectory));
    for (const form of forms) {
      const rank = rankOf(bound.sources !== undefined, exactness.dir, depthOf(form));
      append(this.#byDirectory, form, { bound, recursive, rank });
      this.#directoryLengths.add(form.length);
    }
  }
}

const nothing: readonly BoundRule[] = [];
const noFiles: readonly BoundFile[] = [];
const noDirectories: readonly DirectoryCandidate[] = [];

function append<T>(index: Map<string, T[]>, key: string, item: T): void {
  const items = index.get(key);
  if (items === undefined) index.set(key, [item]);
  else items.push(item);
}

function mapAll<T, U>(
  index: ReadonlyMap<string, readonly T[]>,
  to: (item: T) => U,
): ReadonlyMap<string, readonly U[]> {
  return new Map([...index].map(([key, items]) => [key, items.map(to)] as const));
}
