import type { MultiCallPrograms } from './multi-call.js';
import type { Resolver } from './resolver.js';

/** The forms that one written path has had in a workload. */
export interface Resolution {
  /** As written and as resolved the first time. */
  readonly first: readonly string[];
  /** Those and all later ones. */
  readonly ever: readonly string[];
  /** The file it named the first time, if it still does. */
  readonly firstFile: string | undefined;
  /** The file that it names now. */
  readonly file: string | undefined;
}

/** Resolutions that no rule needs any more are kept up to this many: their rules may come back. */
const maxUnused = 1000;

/** Resolves the paths of rules for one workload, remembering what they resolved to before. */
export class Resolutions {
  readonly #resolver: Resolver;
  readonly #programs: MultiCallPrograms;
  readonly #earlier: ReadonlyMap<string, Resolution>;
  readonly #current = new Map<string, Resolution>();

  constructor(resolver: Resolver, programs: MultiCallPrograms, earlier: ReadonlyMap<string, Resolution>) {
    this.#resolver = resolver;
    this.#programs = programs;
    this.#earlier = earlier;
  }

  /** The forms of a path: as written, with its directories resolved, and with its last link followed. */
  resolve(path: string): Resolution {
    const known = this.#current.get(path);
    if (known !== undefined) return known;
    const resolution = this.#resolve(path);
    this.#current.set(path, resolution);
    return resolution;
  }

  /** All that is known, for the next time. */
  all(): ReadonlyMap<string, Resolution> {
    const unused = [...this.#earlier].filter(([path]) => !this.#current.has(path)).slice(-maxUnused);
    return new Map([...unused, ...this.#current]);
  }

  #resolve(path: string): Resolution {
    const link = this.#resolver.resolveParent(path) ?? path;
    const target = this.#resolver.resolve(path) ?? link;
    const file = this.#singleCallFile(target);
    const isThroughLink = target !== link && this.#programs.byTarget.has(target);
    const forms = [...new Set(isThroughLink ? [path, link] : [path, link, target])];
    const earlier = this.#earlier.get(path);
    if (earlier === undefined) return { first: forms, ever: forms, firstFile: file, file };
    return {
      first: earlier.first,
      ever: [...new Set([...earlier.ever, ...forms])],
      firstFile: earlier.firstFile === file ? file : undefined,
      file,
    };
  }

  /** The file at a path, unless all names of a multi-call program lead to it. */
  #singleCallFile(path: string): string | undefined {
    const file = this.#resolver.fileId(path);
    return file !== undefined && this.#programs.byFile.has(file) ? undefined : file;
  }
}
