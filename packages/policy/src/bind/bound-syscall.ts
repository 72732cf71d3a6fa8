import type { SyscallObject } from '../language/rule.js';
import type { BoundRule } from './bound-rule.js';
import { formsFor } from './forms.js';
import { asDirectory, asPath, depthOf, isInDirectory } from './directory.js';
import { exactness, rankOf } from './rank.js';
import type { Resolutions } from './resolutions.js';

/** A rule about system calls as a workload's root has it. */
export class BoundSyscall {
  readonly bound: BoundRule;
  readonly #names: ReadonlySet<string>;
  readonly #on: SyscallObject['on'];
  readonly #forms: readonly string[];

  constructor(bound: BoundRule, { syscalls, on }: SyscallObject, resolutions: Resolutions) {
    this.bound = bound;
    this.#names = new Set(syscalls);
    this.#on = on;
    const path = on?.match === 'dir' ? asPath(on.dir) : on?.path;
    this.#forms = path === undefined ? [] : formsFor(bound.rule, resolutions.resolve(path));
  }

  /** The rank at which a call matches, if it does. */
  rank(syscall: string, path: string | undefined): number | undefined {
    if (!this.#names.has(syscall)) return undefined;
    const hasSource = this.bound.sources !== undefined;
    const on = this.#on;
    if (on === undefined) return rankOf(hasSource, exactness.dir, 0);
    if (path === undefined) return undefined;
    if (on.match === 'path')
      return this.#forms.includes(path) ? rankOf(hasSource, exactness.path, 0) : undefined;
    const dirs = this.#forms.map(asDirectory).filter((dir) => isInDirectory(path, dir, on.recursive));
    return dirs.length === 0
      ? undefined
      : rankOf(hasSource, exactness.dir, Math.max(...dirs.map(depthOf)) + 1);
  }
}
