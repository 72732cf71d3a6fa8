import type { Resolver } from './resolver.js';

/** As many names make a program a multi-call one. */
const minNames = 5;

/** A program that does what its name says: busybox, toybox, coreutils. */
export interface MultiCallProgram {
  /** Its real paths: several where its names are hard links. */
  readonly targets: ReadonlySet<string>;
  /** The names it has in the standard directories, by their last component. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** The multi-call programs of a workload, and the directories in which it looks for programs. */
export interface MultiCallPrograms {
  readonly byTarget: ReadonlyMap<string, MultiCallProgram>;
  /** By the identity of the file: a further hard link to it is the same program. */
  readonly byFile: ReadonlyMap<string, MultiCallProgram>;
  readonly directories: readonly string[];
}

/** Finds the files that many names of the standard executable directories lead to, by symbolic or hard links. */
export function findMultiCallPrograms(resolver: Resolver): MultiCallPrograms {
  const executables = resolver.executables();
  const files = Map.groupBy(executables, ({ target }) => resolver.fileId(target) ?? target);
  const byTarget = new Map<string, MultiCallProgram>();
  const byFile = new Map<string, MultiCallProgram>();
  for (const [file, entries] of files) {
    const names = [...new Set(entries.map(({ name }) => name))];
    if (names.length < minNames) continue;
    const targets = new Set(entries.map(({ target }) => target));
    const program = { targets, names: Map.groupBy(names, lastComponent) };
    for (const target of targets) byTarget.set(target, program);
    byFile.set(file, program);
  }
  return { byTarget, byFile, directories: [...new Set(executables.map(({ name }) => parent(name)))] };
}

/** The last component of a path. */
export function lastComponent(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
