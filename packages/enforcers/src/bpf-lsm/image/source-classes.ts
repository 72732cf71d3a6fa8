import type { BoundRule, BoundSources } from '@kubearmor/policy';

/** An executable or a directory of executables by its class. */
export interface SourceEntry {
  /** A path, or a directory with a slash at its end. */
  readonly name: string;
  /** Of the executable itself, or of one directly in the directory. */
  readonly near: number;
  /** Of one deeper in the directory. */
  readonly far: number;
}

/** What no path is: stands for an executable that no rule names by its path. */
const UNNAMED = '\0';

/**
 * Executables by which rules they are sources of. Executables of one class are alike to every rule; class 0 is those
 * that no rule names. There are no more classes than paths and directories that rules name, twice over.
 */
export class SourceClasses {
  readonly entries: readonly SourceEntry[];
  readonly #representatives: readonly string[];
  readonly #classesOf = new Map<BoundSources, readonly number[]>();

  constructor(rules: readonly BoundRule[]) {
    const distinct = distinctSources(rules);
    const index = indexOf(distinct);
    const bySignature = new Map<string, number>([['', 0]]);
    const representatives = [UNNAMED];
    const members: number[][] = distinct.map(() => []);
    const classOf = (exe: string): number => {
      const sources = candidatesFor(exe, index).filter((each) =>
        distinct[each]?.[0]?.has({ exe, ...nobody }, false),
      );
      const signature = sources.join(' ');
      const known = bySignature.get(signature);
      if (known !== undefined) return known;
      const added = representatives.push(exe) - 1;
      bySignature.set(signature, added);
      for (const each of sources) members[each]?.push(added);
      return added;
    };
    this.entries = [
      ...[...index.paths.keys()].map((path) => ({ name: path, near: classOf(path), far: 0 })),
      ...[...index.directories.keys()].map((dir) => ({
        name: dir,
        near: classOf(dir + UNNAMED),
        far: classOf(`${dir}${UNNAMED}/${UNNAMED}`),
      })),
    ];
    this.#representatives = representatives;
    distinct.forEach((same, at) => {
      for (const sources of same) this.#classesOf.set(sources, members[at] ?? []);
    });
  }

  get count(): number {
    return this.#representatives.length;
  }

  /** An executable of a class. */
  representative(source: number): string {
    return this.#representatives[source] ?? UNNAMED;
  }

  /** The classes that are sources of any of some rules. */
  ofRules(rules: readonly BoundRule[]): readonly number[] {
    const classes = new Set<number>();
    for (const { sources } of rules) {
      if (sources === undefined) continue;
      for (const each of this.#classesOf.get(sources) ?? []) classes.add(each);
    }
    return [...classes].sort((a, b) => a - b);
  }
}

const nobody = { fsUid: 0, hasTty: false };

interface SourceIndex {
  readonly paths: ReadonlyMap<string, readonly number[]>;
  readonly directories: ReadonlyMap<string, readonly number[]>;
}

/** Sources that name the same executables, together. */
function distinctSources(rules: readonly BoundRule[]): readonly (readonly BoundSources[])[] {
  const all = rules.flatMap(({ sources }) => (sources === undefined ? [] : [sources]));
  return [...Map.groupBy(all, keyOf).values()];
}

function keyOf({ paths, directories }: BoundSources): string {
  const dirs = directories.map(({ dir, recursive }) => `${dir}${recursive ? '*' : ''}`);
  return JSON.stringify([[...paths].sort(), [...new Set(dirs)].sort()]);
}

function indexOf(distinct: readonly (readonly BoundSources[])[]): SourceIndex {
  const paths = new Map<string, number[]>();
  const directories = new Map<string, number[]>();
  distinct.forEach(([sources], at) => {
    for (const path of sources?.paths ?? []) append(paths, path, at);
    for (const { dir } of sources?.directories ?? []) append(directories, dir, at);
  });
  return { paths, directories };
}

/** The sources that may have an executable: those that name it or a directory above it. */
function candidatesFor(exe: string, { paths, directories }: SourceIndex): readonly number[] {
  const found = new Set(paths.get(exe));
  const text = `${exe}/`;
  for (let slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
    for (const each of directories.get(text.slice(0, slash + 1)) ?? []) found.add(each);
  }
  return [...found].sort((a, b) => a - b);
}

function append(index: Map<string, number[]>, key: string, item: number): void {
  const items = index.get(key);
  if (items === undefined) index.set(key, [item]);
  else items.push(item);
}
