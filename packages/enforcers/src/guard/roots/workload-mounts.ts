import { type MountEntry, procPath, readlinkInto, type StatxView } from '@kubearmor/kernel';
import { MountRoots } from './mount-roots.js';
import { isUnder, MountTree, nameIn, pathBelow, pathWithin } from './mount-tree.js';

const link = Buffer.alloc(8192);

/** Where a file is. Paths byte for byte (latin1). */
export interface Placement {
  /** Its name in the workload's root: by the first mount that shows it. */
  readonly path: string;
  /** The name that was used, where that is another one that the root had from the start. */
  readonly otherName: string | undefined;
  /** A name that the workload gave it by mounting: it counts against the file, never for it. */
  readonly lateName: string | undefined;
  readonly inFileSystem: string;
}

/** A mount as the task sees it that came through it. */
export interface SubjectMount {
  readonly mount: MountEntry;
  /** The task's root, from which its table names mount points. */
  readonly root: string;
}

/** Finds the names that a workload's root has for a file, whichever way the subject took to it. */
export class WorkloadMounts {
  readonly #tree: MountTree;
  readonly #devices: ReadonlySet<number>;
  readonly #roots: MountRoots;

  constructor(rootFd: number, mounts: readonly MountEntry[]) {
    const own = mounts.map(toBytes);
    this.#tree = new MountTree(own);
    this.#devices = new Set(own.map(deviceOf));
    this.#roots = new MountRoots(rootFd, own);
  }

  /** Places a file that the subject uses at `path`; undefined where no name can be confirmed. */
  place(path: string, file: StatxView, subjectMount: () => SubjectMount | undefined): Placement | undefined {
    return this.#placeByName(path, file) ?? this.#placeByMount(path, file, subjectMount());
  }

  /** Places a file that was removed: its last name, where that was below a mount of the workload's root. */
  placeRemoved(path: string, file: StatxView): Placement | undefined {
    const mount = this.#tree.byId(file.mntId);
    if (mount === undefined || !isUnder(mount.mountPoint, path)) return undefined;
    return this.#named(mount, pathBelow(mount, path), undefined);
  }

  /** The first name in the root of what the root has at `path` (text): another one where that is beyond a bind mount. */
  firstName(path: string): string {
    const bytes = Buffer.from(path, 'utf8').toString('latin1');
    const [mount] = this.#tree.covering(bytes);
    if (mount === undefined) return path;
    const { path: name } = this.#named(mount, pathBelow(mount, bytes), undefined);
    return Buffer.from(name, 'latin1').toString('utf8');
  }

  /** Whether any mount of the root is one of a file system; `device` as the kernel numbers it. */
  hasDevice(device: number): boolean {
    return this.#devices.has(device);
  }

  /** Whether a mount is one of the root. */
  hasMount(id: number): boolean {
    return this.#tree.byId(id) !== undefined;
  }

  /** Whether a mount of the root is an overlay. */
  isOverlay(id: number): boolean {
    return this.#tree.byId(id)?.fsType === 'overlay';
  }

  close(): void {
    this.#roots.close();
  }

  // The path may be the right one: what matters is whether the root has that file there, below mounts of its own.
  #placeByName(path: string, file: StatxView): Placement | undefined {
    for (const mount of this.#tree.covering(path)) {
      const inFileSystem = pathBelow(mount, path);
      if (this.#roots.holds(mount, pathWithin(mount, inFileSystem), file)) {
        return this.#named(mount, inFileSystem, undefined);
      }
    }
    return undefined;
  }

  #placeByMount(path: string, file: StatxView, subject: SubjectMount | undefined): Placement | undefined {
    if (subject === undefined) return undefined;
    const mountPoint = below(subject.root, subject.mount.mountPoint);
    if (!isUnder(mountPoint, path)) return undefined;
    const inFileSystem = pathBelow({ ...subject.mount, mountPoint }, path);
    const showing = this.#tree.showing(subject.mount, inFileSystem);
    const holder = showing.find((mount) => this.#roots.holds(mount, pathWithin(mount, inFileSystem), file));
    if (holder !== undefined) return this.#named(holder, inFileSystem, path);
    // A file system that the root does not have: there is no other name than the subject's.
    if (this.#tree.sharesFileSystem(subject.mount)) return undefined;
    return { path, otherName: undefined, lateName: undefined, inFileSystem };
  }

  #named(used: MountEntry, inFileSystem: string, lateName: string | undefined): Placement {
    const [first = used] = this.#tree.showing(used, inFileSystem);
    const path = nameIn(first, inFileSystem);
    const name = nameIn(used, inFileSystem);
    return { path, otherName: name === path ? undefined : name, lateName, inFileSystem };
  }
}

/** The root of a task as the mounts have it; `/` where it has not changed it. */
export function rootOf(tid: number): string {
  const length = readlinkInto(procPath(`${tid}/root`), link);
  return length < 0 ? '/' : link.toString('latin1', 0, length);
}

function deviceOf({ devMajor, devMinor }: MountEntry): number {
  return devMajor * 0x100000 + devMinor;
}

function below(root: string, mountPoint: string): string {
  if (root === '/') return mountPoint;
  return mountPoint === '/' ? root : `${root}${mountPoint}`;
}

function toBytes(mount: MountEntry): MountEntry {
  const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  return { ...mount, root: bytes(mount.root), mountPoint: bytes(mount.mountPoint) };
}
