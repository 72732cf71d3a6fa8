import {
  AT_FDCWD,
  findMountById,
  fstatx,
  openFlags,
  parseMountinfo,
  readlinkPath,
  readTextAt,
  StatxView,
  statxPath,
  type MountEntry,
} from '@kubearmor/kernel';
import type { FileObject } from '@kubearmor/policy';
import { pathBelow, type MountTree } from './mount-tree.js';

const NEW_FILE_NS = 50_000_000n;

/** The file of a permission event, as the rules see it; undefined where the kernel does not say what it is. */
export class FileView {
  readonly #stat = new StatxView();
  #fd = -1;
  #tid = 0;
  #path: string | undefined;
  #foreignPath: string | undefined;

  /** Looks at the file of an event: false when it cannot be looked at. */
  open(fd: number, tid: number): boolean {
    this.#fd = fd;
    this.#tid = tid;
    this.#path = undefined;
    this.#foreignPath = undefined;
    return fstatx(fd, this.#stat) === 0;
  }

  /** The identity of the file, equal for all its names. */
  get fileId(): string {
    const stat = this.#stat;
    return `${stat.dev}:${stat.inoHigh * 0x1_0000_0000 + stat.inoLow}`;
  }

  /** How many names the file has. */
  get links(): number {
    return this.#stat.nlink;
  }

  /** The path as the subject's mounts have it; undefined where it is longer than the kernel will say. */
  get path(): string | undefined {
    this.#path ??= readlinkPath(`/proc/self/fd/${this.#fd}`);
    return this.#path;
  }

  /** Whether an opening with O_CREAT is what made the file: the event comes just after. */
  isNew(flags: number, nowNs: bigint): boolean {
    const { O_CREAT, O_EXCL } = openFlags();
    if ((flags & O_CREAT) === 0) return false;
    if ((flags & O_EXCL) !== 0) return true;
    const stat = this.#stat;
    if (!stat.hasBtime || stat.size !== 0 || stat.btimeNs !== stat.mtimeNs) return false;
    return nowNs - stat.btimeNs < NEW_FILE_NS;
  }

  /** The path of the file as its own file system has it, below no mount. */
  pathInFileSystem(tree: MountTree, object: FileObject): string {
    return this.#foreignPath ?? tree.pathInFileSystem(object.path);
  }

  /** The file as an object of rules. */
  toObject(tree: MountTree, isNew: boolean): FileObject | undefined {
    const path = this.path;
    if (path === undefined) return undefined;
    if (this.#stat.nlink === 0) return this.#nameless(tree, path.replace(/ \(deleted\)$/, ''));
    const ownerUid = isNew ? (this.#ownerOfDirectory(path) ?? this.#stat.uid) : this.#stat.uid;
    const fileId = this.fileId;
    if (tree.isRootMount(this.#stat.mntId)) return { path, ownerUid, fileId };
    if (tree.isAt(path, this.#stat)) return named(tree.firstName(path), path, ownerUid, fileId);
    const mount = this.#mount();
    if (mount === undefined) return undefined;
    const inRoot = tree.pathInRoot(mount, path);
    if (inRoot === undefined) this.#foreignPath = pathBelow(mount, path);
    return named(inRoot ?? path, path, ownerUid, fileId);
  }

  // Removed, or never named: what is left is the last name, which no rule about a place may match.
  #nameless(tree: MountTree, lastPath: string): FileObject {
    this.#foreignPath = tree.pathInFileSystem(lastPath);
    const path = `(deleted) ${lastPath.slice(lastPath.lastIndexOf('/') + 1)}`;
    return { path, ownerUid: this.#stat.uid, fileId: this.fileId, anonymous: true };
  }

  // Mounts differ between mount namespaces and ids are reused: the subject's own table is read each time.
  #mount(): MountEntry | undefined {
    const table = readTextAt(`/proc/${this.#tid}/mountinfo`);
    return table === undefined ? undefined : findMountById(parseMountinfo(table), this.#stat.mntId);
  }

  #ownerOfDirectory(path: string): number | undefined {
    const directory = new StatxView();
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    return statxUnder(`/proc/${this.#tid}/root${parent}`, directory) ? directory.uid : undefined;
  }
}

function named(path: string, used: string, ownerUid: number, fileId: string): FileObject {
  return path === used ? { path, ownerUid, fileId } : { path, otherNames: [used], ownerUid, fileId };
}

function statxUnder(path: string, view: StatxView): boolean {
  return statxPath(AT_FDCWD, path, 0, view) === 0;
}
