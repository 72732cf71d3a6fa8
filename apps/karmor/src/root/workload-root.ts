import { close, open, openFlags, openInRoot, readlinkPath } from '@kubearmor/kernel';
import { readProgramHeader, RootResolver, type ProgramHeader } from '@kubearmor/enforcers';
import { KarmorError } from '../errors.js';

/** The files of a workload, by the names that it has for them. */
export class WorkloadRoot {
  readonly #fd: number;
  readonly #path: string;
  /** As the rules of policies are bound to it. */
  readonly resolver: RootResolver;

  private constructor(fd: number, path: string) {
    this.#fd = fd;
    this.#path = path;
    const name = readlinkPath(`/proc/self/fd/${fd}`) ?? '/';
    this.resolver = new RootResolver(fd, name === '/' ? '' : name);
  }

  /** Opens a directory, or a process's root by its path in /proc. Throws FILE_UNREADABLE. */
  static open(path: string): WorkloadRoot {
    const { O_PATH, O_DIRECTORY, O_CLOEXEC } = openFlags();
    const fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) return new WorkloadRoot(fd, path);
    throw new KarmorError(
      'FILE_UNREADABLE',
      `${path}: expected a directory that can be opened, got errno ${-fd}`,
    );
  }

  /** What a file's first bytes ask to be loaded besides it. Throws FILE_UNREADABLE. */
  header(path: string): ProgramHeader {
    const { O_RDONLY, O_CLOEXEC, O_NONBLOCK } = openFlags();
    const fd = openInRoot(this.#fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
      throw new KarmorError(
        'FILE_UNREADABLE',
        `${path} in ${this.#path}: expected a file that can be read, got errno ${-fd}`,
      );
    }
    try {
      return readProgramHeader(fd);
    } finally {
      close(fd);
    }
  }

  [Symbol.dispose](): void {
    close(this.#fd);
  }
}
