import type { Rule } from '../language/rule.js';
import type { Subject } from '../decide/operation.js';
import { formsFor } from './forms.js';
import { asDirectory, asPath, isInDirectory } from './directory.js';
import type { Resolutions } from './resolutions.js';

/** A directory of executables. */
export interface SourceDirectory {
  readonly dir: string;
  readonly recursive: boolean;
}

/** The executables that a rule is limited to. */
export class BoundSources {
  readonly #paths = new Set<string>();
  readonly #directories: SourceDirectory[] = [];

  /** Executables by their paths. */
  get paths(): ReadonlySet<string> {
    return this.#paths;
  }

  /** Executables by their directories, each with a slash at its end. */
  get directories(): readonly SourceDirectory[] {
    return this.#directories;
  }

  constructor(rule: Rule, resolutions: Resolutions) {
    for (const source of rule.fromSource) {
      const path = source.match === 'path' ? source.path : asPath(source.dir);
      for (const form of formsFor(rule, resolutions.resolve(path))) {
        if (source.match === 'path') this.#paths.add(form);
        else this.#directories.push({ dir: asDirectory(form), recursive: source.recursive });
      }
    }
  }

  /** Whether a subject is among them; for process rules its parent will do too. */
  has({ exe, parentExe }: Subject, isProcess: boolean): boolean {
    return (
      this.#hasExecutable(exe) || (isProcess && parentExe !== undefined && this.#hasExecutable(parentExe))
    );
  }

  #hasExecutable(exe: string): boolean {
    if (this.#paths.has(exe)) return true;
    return this.#directories.some(({ dir, recursive }) => isInDirectory(exe, dir, recursive));
  }
}
