/** Something that exists in a workload's root. */
export type RootEntry = ProgramEntry | ScriptEntry | FileEntry | DirectoryEntry | LinkEntry | HardLinkEntry | BindEntry;

/** Owner and permission bits. */
export interface Permissions {
  readonly uid: number;
  /** As in `0o755`. */
  readonly mode: number;
}

/** An executable; without `loader` it is static. */
export interface ProgramEntry extends Permissions {
  readonly kind: 'program';
  /** PT_INTERP. */
  readonly loader?: string;
}

/** An executable that begins with `#!` and `interpreter`. */
export interface ScriptEntry extends Permissions {
  readonly kind: 'script';
  readonly interpreter: string;
}

/** A regular file. */
export interface FileEntry extends Permissions {
  readonly kind: 'file';
  readonly content: string;
}

/** A directory. */
export interface DirectoryEntry extends Permissions {
  readonly kind: 'dir';
}

/** A symbolic link. */
export interface LinkEntry {
  readonly kind: 'link';
  readonly target: string;
}

/** Another name for the file at `target`. */
export interface HardLinkEntry {
  readonly kind: 'hardlink';
  readonly target: string;
}

/** A mount of the directory at `source`. */
export interface BindEntry {
  readonly kind: 'bind';
  readonly source: string;
}
