import {
  close,
  fstatx,
  openFlags,
  openInRoot,
  openWithinMount,
  StatxView,
  type MountEntry,
} from '@kubearmor/kernel';
import { isUnmarkable } from './root-marks.js';

const { O_PATH, O_CLOEXEC, O_NOFOLLOW } = openFlags();

/**
 * The roots of a workload's mounts, held open. What is found from one of them, without entering another mount or
 * following a link, has that name for certain: no mount or link that the workload made is on the way.
 */
export class MountRoots {
  readonly #fds = new Map<number, number>();
  readonly #rootFd: number;
  readonly #found = new StatxView();

  constructor(rootFd: number, mounts: readonly MountEntry[]) {
    this.#rootFd = rootFd;
    for (const mount of mounts) {
      const fd = isUnmarkable(mount) ? -1 : this.#open(mount);
      if (fd >= 0) this.#fds.set(mount.id, fd);
    }
  }

  /** Whether a file is at a path below the root of a mount; the path begins with a slash. */
  holds(mount: MountEntry, path: string, file: StatxView): boolean {
    const root = this.#fds.get(mount.id);
    if (root === undefined) return false;
    if (path === '/') return fstatx(root, this.#found) === 0 && isSameFile(this.#found, file);
    const fd = openWithinMount(root, path.slice(1), O_PATH | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    const isSame = fstatx(fd, this.#found) === 0 && isSameFile(this.#found, file);
    close(fd);
    return isSame;
  }

  /** Lets go of the descriptors; that of the root itself is its owner's. */
  close(): void {
    for (const fd of this.#fds.values()) if (fd !== this.#rootFd) close(fd);
    this.#fds.clear();
  }

  // A mount that is no longer where it was (this process may have started later) is none that names can be trusted in.
  #open(mount: MountEntry): number {
    const fd =
      mount.mountPoint === '/'
        ? this.#rootFd
        : openInRoot(this.#rootFd, utf8(mount.mountPoint), O_PATH | O_CLOEXEC);
    if (fd < 0) return fd;
    const isThere =
      fstatx(fd, this.#found) === 0 && (this.#found.mntId === 0 || this.#found.mntId === mount.id);
    if (isThere) return fd;
    if (fd !== this.#rootFd) close(fd);
    return -1;
  }
}

function isSameFile(one: StatxView, other: StatxView): boolean {
  return one.dev === other.dev && one.inoLow === other.inoLow && one.inoHigh === other.inoHigh;
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
