import type { Executable, Resolver } from '../bind/resolver.js';

/** What a `MemoryResolver` is made of. */
export interface MemoryRoot {
  /** Symbolic links, by their path. Targets are absolute. */
  readonly links?: Readonly<Record<string, string>>;
  /** Identities of files, by real path: hard links share one. */
  readonly files?: Readonly<Record<string, string>>;
  /** Paths in the standard executable directories. */
  readonly executables?: readonly string[];
  /** Nothing resolves, as in a root that is gone. */
  readonly isGone?: boolean;
}

/** A workload's root that is only a table. */
export class MemoryResolver implements Resolver {
  readonly #root: MemoryRoot;

  constructor(root: MemoryRoot = {}) {
    this.#root = root;
  }

  resolve(path: string): string | undefined {
    return this.#root.isGone === true ? undefined : this.#follow(path);
  }

  resolveParent(path: string): string | undefined {
    if (this.#root.isGone === true) return undefined;
    const slash = path.lastIndexOf('/');
    const parent = this.#follow(path.slice(0, slash));
    return `${parent === '/' ? '' : parent}${path.slice(slash)}`;
  }

  fileId(path: string): string | undefined {
    return this.#root.files?.[path];
  }

  executables(): readonly Executable[] {
    return (this.#root.executables ?? []).map((name) => ({ name, target: this.#follow(name) }));
  }

  #follow(path: string): string {
    let real = '';
    for (const component of path.split('/').filter((name) => name !== '')) {
      const next = `${real}/${component}`;
      const target = this.#root.links?.[next];
      real = target === undefined ? next : this.#follow(target);
    }
    return real === '' ? '/' : real;
  }
}
