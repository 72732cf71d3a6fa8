import { AT_SYMLINK_NOFOLLOW, StatxView, statxPath, type MountEntry } from '@kubearmor/kernel';

/** The mounts of a workload as they were when it started: what its own names for files refer to. */
export class MountTree {
  readonly #rootFd: number;
  readonly #mounts: readonly MountEntry[];
  readonly #rootMountId: number;
  readonly #stat = new StatxView();

  constructor(rootFd: number, mounts: readonly MountEntry[]) {
    this.#rootFd = rootFd;
    this.#mounts = mounts;
    this.#rootMountId = mounts.find((mount) => mount.mountPoint === '/')?.id ?? -1;
  }

  /** Whether a mount is the workload's own root: paths through it are paths in the root. */
  isRootMount(mountId: number): boolean {
    return mountId !== 0 && mountId === this.#rootMountId;
  }

  /** Whether this path in the workload's root is that file. */
  isAt(path: string, file: StatxView): boolean {
    const relative = path.slice(1) || '.';
    if (statxPath(this.#rootFd, relative, AT_SYMLINK_NOFOLLOW, this.#stat) !== 0) return false;
    const found = this.#stat;
    return found.dev === file.dev && found.inoLow === file.inoLow && found.inoHigh === file.inoHigh;
  }

  /** The path that a file of the workload's root has within its own file system. */
  pathInFileSystem(path: string): string {
    const holder = this.#holderOf(path);
    return holder === undefined ? path : pathBelow(holder, path);
  }

  /** The first name in the root of what the root has at `path`: another one where that is beyond a bind mount. */
  firstName(path: string): string {
    const holder = this.#holderOf(path);
    return holder === undefined ? path : (this.pathInRoot(holder, path) ?? path);
  }

  /** The path in the workload's root of what is at `path` through another mount; undefined where the root does not have it. */
  pathInRoot(mount: MountEntry, path: string): string | undefined {
    const inFileSystem = pathBelow(mount, path);
    for (const own of this.#mounts) {
      if (
        own.devMajor !== mount.devMajor ||
        own.devMinor !== mount.devMinor ||
        !isUnder(own.root, inFileSystem)
      )
        continue;
      return join(own.mountPoint, below(own.root, inFileSystem));
    }
    return undefined;
  }

  // The deepest mount, and the last of several at one place: it hides the others.
  #holderOf(path: string): MountEntry | undefined {
    let holder: MountEntry | undefined;
    for (const mount of this.#mounts) {
      if (!isUnder(mount.mountPoint, path)) continue;
      if (holder === undefined || mount.mountPoint.length >= holder.mountPoint.length) holder = mount;
    }
    return holder;
  }
}

/** The path within a mount's file system of what is at `path` through that mount. */
export function pathBelow(mount: MountEntry, path: string): string {
  return join(mount.root, below(mount.mountPoint, path));
}

function below(directory: string, path: string): string {
  return directory === '/' ? path : path.slice(directory.length);
}

function isUnder(directory: string, path: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

function join(directory: string, rest: string): string {
  return (directory === '/' ? rest : `${directory}${rest}`) || '/';
}
