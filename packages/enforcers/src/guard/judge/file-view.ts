import {
  AT_FDCWD,
  fstatx,
  openFlags,
  parseMountinfo,
  type MountEntry,
  procPath,
  readFileAt,
  readlinkInto,
  statxPath,
  StatxView,
} from '@kubearmor/kernel';
import type { FileObject } from '@kubearmor/policy';
import { rootOf, type Placement, type SubjectMount, type WorkloadMounts } from '../roots/workload-mounts.js';

const NEW_FILE_NS = 50_000_000n;
const REMOVED = ' (deleted)';
const link = Buffer.alloc(8192);

/** A file as the rules see it. */
export interface SeenFile {
  readonly object: FileObject;
  /** Further names, which count only where they are blocked. */
  readonly against: readonly string[];
  /** Its path in its own file system, below no mount, byte for byte (latin1). */
  readonly inFileSystem: string;
  /** How many names it has, and its identity, equal for all of them. */
  readonly links: number;
  readonly fileId: string;
}

/** The file of a permission event. */
export class FileView {
  readonly #stat = new StatxView();
  #fd = -1;
  #tid = 0;
  /** What the mounts that were asked last make of it. */
  #seen:
    | { readonly mounts: WorkloadMounts; readonly isNew: boolean; readonly file: SeenFile | undefined }
    | undefined;

  /** Looks at the file of an event: false when it cannot be looked at. */
  open(fd: number, tid: number): boolean {
    this.#fd = fd;
    this.#tid = tid;
    this.#seen = undefined;
    return fstatx(fd, this.#stat) === 0;
  }

  get tid(): number {
    return this.#tid;
  }

  /** The file system's device, as the kernel numbers it. */
  get device(): number {
    return this.#stat.dev;
  }

  /** The device by which the subject's mounts name the file system: an overlay gives some of its files others. */
  get mountedDevice(): number {
    const mount = this.#subjectMount()?.mount;
    return mount === undefined ? this.device : numberOf(mount);
  }

  /** The id of the mount that the file was opened through. */
  get mountId(): number {
    return this.#stat.mntId;
  }

  /** What an overlay passes on of the file below: equal for both. */
  get content(): string {
    const { size, mtimeNs, uid, mode } = this.#stat;
    return `${size} ${mtimeNs} ${uid} ${mode}`;
  }

  /** Whether the mount that the file was opened through is one that its subject has. */
  get isBySubjectMount(): boolean {
    return this.#subjectMount() !== undefined;
  }

  /** The identity of the file, equal for all its names. */
  get fileId(): string {
    const stat = this.#stat;
    return `${stat.dev}:${stat.ino}`;
  }

  /** How many names the file has. */
  get links(): number {
    return this.#stat.nlink;
  }

  /** The path as the subject's mounts have it, for people to read. */
  get path(): string {
    const path = this.#readPath();
    return path === undefined ? 'a path too long to read' : text(path);
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

  /**
   * The file as the rules see it; undefined where its name cannot be found out. On a file system that the root does not
   * have, such as a container's, the subject's name for it is the only one; `isMachine` says that the root may lack some.
   */
  see(mounts: WorkloadMounts, isNew: boolean, isMachine = false): SeenFile | undefined {
    if (this.#seen?.mounts !== mounts || this.#seen.isNew !== isNew)
      this.#seen = { mounts, isNew, file: this.#place(mounts, isNew, isMachine) };
    return this.#seen.file;
  }

  #place(mounts: WorkloadMounts, isNew: boolean, isMachine: boolean): SeenFile | undefined {
    // A second look, for what was renamed between reading its name and looking for it.
    const seen = this.#look(mounts, isNew) ?? this.#look(mounts, isNew);
    return seen ?? (isMachine && !mounts.hasDevice(this.device) ? this.#elsewhere(isNew) : undefined);
  }

  #elsewhere(isNew: boolean): SeenFile | undefined {
    const path = this.#readPath();
    if (path === undefined) return undefined;
    return this.#named({ path, otherName: undefined, lateName: undefined, inFileSystem: path }, isNew);
  }

  #look(mounts: WorkloadMounts, isNew: boolean): SeenFile | undefined {
    const path = this.#readPath();
    if (path === undefined) return undefined;
    if (this.#stat.nlink > 0) {
      const placement = mounts.place(path, this.#stat, () => this.#subjectMount());
      if (placement !== undefined) return this.#named(placement, isNew);
    }
    return path.endsWith(REMOVED) ? this.#removed(mounts, path.slice(0, -REMOVED.length)) : undefined;
  }

  #named({ path, otherName, lateName, inFileSystem }: Placement, isNew: boolean): SeenFile {
    const ownerUid = isNew ? (this.#ownerOfDirectory(path) ?? this.#stat.uid) : this.#stat.uid;
    return {
      object: {
        path: text(path),
        ownerUid,
        fileId: this.fileId,
        ...(otherName === undefined ? {} : { otherNames: [text(otherName)] }),
      },
      against: lateName === undefined ? [] : [text(lateName)],
      inFileSystem,
      links: this.links,
      fileId: this.fileId,
    };
  }

  // What was removed while it was open has no name, and no rule about a place lets it pass; but what blocked it while
  // it had one still does. A file that never had one (O_TMPFILE) is called by its number.
  #removed(mounts: WorkloadMounts, path: string): SeenFile | undefined {
    const lastName = path.slice(path.lastIndexOf('/') + 1);
    const placement = mounts.placeRemoved(path, this.#stat);
    if (placement === undefined) return undefined;
    const names = [placement.path, placement.otherName].filter((name) => name !== undefined);
    return {
      object: {
        path: `(deleted) ${text(lastName)}`,
        ownerUid: this.#stat.uid,
        fileId: this.fileId,
        anonymous: true,
      },
      against: /^#\d+$/.test(lastName) ? [] : names.map(text),
      inFileSystem: placement.inFileSystem,
      links: this.links,
      fileId: this.fileId,
    };
  }

  // Mounts differ between mount namespaces and ids are reused: the subject's own table is read each time. Only its line
  // is parsed: a workload may have a hundred thousand mounts.
  #subjectMount(): SubjectMount | undefined {
    const table = `\n${readFileAt(procPath(`${this.#tid}/mountinfo`))?.toString('latin1') ?? ''}`;
    const at = table.indexOf(`\n${this.#stat.mntId} `) + 1;
    const [mount] = at === 0 ? [] : parseMountinfo(table.slice(at, table.indexOf('\n', at)));
    return mount === undefined ? undefined : { mount, root: rootOf(this.#tid) };
  }

  #readPath(): string | undefined {
    const length = readlinkInto(`/proc/self/fd/${this.#fd}`, link);
    return length < 0 ? undefined : link.toString('latin1', 0, length);
  }

  #ownerOfDirectory(path: string): number | undefined {
    const directory = new StatxView();
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    return statxPath(AT_FDCWD, procPath(`${this.#tid}/root${text(parent)}`), 0, directory) === 0
      ? directory.uid
      : undefined;
  }
}

function numberOf({ devMajor, devMinor }: MountEntry): number {
  return devMajor * 0x100000 + devMinor;
}

function text(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
