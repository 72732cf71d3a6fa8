import type { MountEntry } from '@kubearmor/kernel';

/** The mounts of a workload as they were when it started: what its own names for files refer to. Paths byte for byte (latin1). */
export class MountTree {
  readonly #byId = new Map<number, MountEntry>();
  readonly #byDevice: ReadonlyMap<string, readonly MountEntry[]>;
  /** Of several at one place the last comes first: it hides the others. */
  readonly #deepestFirst: readonly MountEntry[];

  constructor(mounts: readonly MountEntry[]) {
    for (const mount of mounts) this.#byId.set(mount.id, mount);
    this.#byDevice = Map.groupBy(mounts, deviceOf);
    this.#deepestFirst = mounts
      .toReversed()
      .sort((one, other) => other.mountPoint.length - one.mountPoint.length);
  }

  /** The mounts that a path may lead through, the deepest first. */
  *covering(path: string): Generator<MountEntry> {
    for (const mount of this.#deepestFirst) if (isUnder(mount.mountPoint, path)) yield mount;
  }

  /** The mounts that show a path of a mount's file system, in the order of the table. */
  showing(mount: MountEntry, inFileSystem: string): readonly MountEntry[] {
    return this.#sharing(mount).filter((own) => isUnder(own.root, inFileSystem));
  }

  /** Whether any mount is one of the file system that this mount shows. */
  sharesFileSystem(mount: MountEntry): boolean {
    return this.#sharing(mount).length > 0;
  }

  /** The mount with an id, as it was then. */
  byId(id: number): MountEntry | undefined {
    return this.#byId.get(id);
  }

  #sharing(mount: MountEntry): readonly MountEntry[] {
    return this.#byDevice.get(deviceOf(mount)) ?? [];
  }
}

/** The path within a mount's file system of what is at `path` through that mount. */
export function pathBelow(mount: MountEntry, path: string): string {
  return join(mount.root, below(mount.mountPoint, path));
}

/** The name that a mount gives a path of its file system. */
export function nameIn(mount: MountEntry, inFileSystem: string): string {
  return join(mount.mountPoint, below(mount.root, inFileSystem));
}

/** The path from a mount's root to a path of its file system: `/` for the root itself. */
export function pathWithin(mount: MountEntry, inFileSystem: string): string {
  return below(mount.root, inFileSystem) || '/';
}

/** Whether a path is a directory or below it. */
export function isUnder(directory: string, path: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

function below(directory: string, path: string): string {
  return directory === '/' ? path : path.slice(directory.length);
}

function join(directory: string, rest: string): string {
  return (directory === '/' ? rest : `${directory}${rest === '/' ? '' : rest}`) || '/';
}

function deviceOf({ devMajor, devMinor }: MountEntry): string {
  return `${devMajor}:${devMinor}`;
}
