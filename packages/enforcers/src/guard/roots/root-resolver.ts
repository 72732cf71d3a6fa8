import { readdirSync } from 'node:fs';
import { close, openInRoot, openFlags, readlinkPath, StatxView, statxPath } from '@kubearmor/kernel';
import type { Resolver } from '@kubearmor/policy';

const AT_EMPTY_PATH = 0x1000;
const EXECUTABLE_DIRECTORIES = [
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
];

/** Resolves names inside a workload's root, which its links cannot lead out of; opens nothing that raises a permission event. */
export class RootResolver implements Resolver {
  readonly #rootFd: number;
  readonly #rootPath: string;
  readonly #onStep: () => void;
  readonly #stat = new StatxView();
  #executables: readonly { readonly name: string; readonly target: string }[] | undefined;

  /**
   * `rootPath` is what names begin with that the kernel gives for files below the root; by default nothing. `onStep` is
   * called for each name of a long list: on a slow file system it takes its time.
   */
  constructor(rootFd: number, rootPath = '', onStep: () => void = () => undefined) {
    this.#rootFd = rootFd;
    this.#rootPath = rootPath;
    this.#onStep = onStep;
  }

  resolve(path: string): string | undefined {
    let existing = trim(path);
    let rest = '';
    while (existing !== '') {
      const real = this.#real(existing, true);
      if (real !== undefined) return rest === '' ? real : `${real === '/' ? '' : real}${rest}`;
      const slash = existing.lastIndexOf('/');
      rest = existing.slice(slash) + rest;
      existing = existing.slice(0, slash);
    }
    return rest === '' ? '/' : undefined;
  }

  resolveParent(path: string): string | undefined {
    const trimmed = trim(path);
    const slash = trimmed.lastIndexOf('/');
    const parent = slash <= 0 ? '/' : this.resolve(trimmed.slice(0, slash));
    if (parent === undefined) return undefined;
    return `${parent === '/' ? '' : parent}${trimmed.slice(slash)}`;
  }

  fileId(path: string): string | undefined {
    const fd = openInRoot(this.#rootFd, path, openFlags().O_PATH | openFlags().O_CLOEXEC);
    if (fd < 0) return undefined;
    const result = statxPath(fd, '', AT_EMPTY_PATH, this.#stat);
    close(fd);
    if (result !== 0 || this.#stat.isDirectory) return undefined;
    return `${this.#stat.dev}:${this.#stat.ino}`;
  }

  /** Who owns the file at this real path. */
  ownerUid(path: string): number | undefined {
    const { O_PATH, O_CLOEXEC, O_NOFOLLOW } = openFlags();
    const fd = openInRoot(this.#rootFd, path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return undefined;
    const result = statxPath(fd, '', AT_EMPTY_PATH, this.#stat);
    close(fd);
    return result === 0 ? this.#stat.uid : undefined;
  }

  executables(): readonly { readonly name: string; readonly target: string }[] {
    this.#executables ??= [...this.#listExecutables()];
    return this.#executables;
  }

  *#listExecutables(): Generator<{ readonly name: string; readonly target: string }> {
    const seen = new Set<string>();
    for (const directory of EXECUTABLE_DIRECTORIES) {
      const real = this.#real(directory, true);
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      for (const entry of this.#list(real)) {
        const name = `${real}/${entry}`;
        const target = this.#real(name, true);
        this.#onStep();
        if (target !== undefined) yield { name, target };
      }
    }
  }

  #list(directory: string): string[] {
    const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
    const fd = openInRoot(this.#rootFd, directory, O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0) return [];
    try {
      return readdirSync(`/proc/self/fd/${fd}`);
    } catch {
      return [];
    } finally {
      close(fd);
    }
  }

  #real(path: string, isFollowed: boolean): string | undefined {
    const { O_PATH, O_CLOEXEC, O_NOFOLLOW } = openFlags();
    const fd = openInRoot(this.#rootFd, path, O_PATH | O_CLOEXEC | (isFollowed ? 0 : O_NOFOLLOW));
    if (fd < 0) return undefined;
    const real = readlinkPath(`/proc/self/fd/${fd}`);
    close(fd);
    if (this.#rootPath === '' || real?.startsWith(this.#rootPath) !== true) return real;
    return real === this.#rootPath ? '/' : real.slice(this.#rootPath.length);
  }
}

function trim(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.replace(/\/+$/, '') : path;
}
