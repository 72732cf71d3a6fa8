import type { Permissions } from '../corpus/root-entry.js';

/** A file of a virtual root: what an inode is to a file system. */
export type Node = DirectoryNode | ProgramNode | ScriptNode | PlainNode | LinkNode;

/** What all nodes have. */
export interface Identity extends Permissions {
  /** `dev:ino`. */
  readonly id: string;
}

/** A directory; what is mounted on it hides its own children. */
export interface DirectoryNode extends Identity {
  readonly kind: 'dir';
  readonly children: Map<string, Node>;
  mounted: Mount | undefined;
}

/** A directory that is seen in a second place. */
export interface Mount {
  readonly directory: DirectoryNode;
  /** Where it really is. */
  readonly source: string;
}

/** An ELF executable. */
export interface ProgramNode extends Identity {
  readonly kind: 'program';
  readonly loader: string | undefined;
}

/** An executable that begins with `#!`. */
export interface ScriptNode extends Identity {
  readonly kind: 'script';
  readonly interpreter: string;
}

/** A regular file that is not executable. */
export interface PlainNode extends Identity {
  readonly kind: 'file';
  readonly content: string;
}

/** A symbolic link. */
export interface LinkNode extends Identity {
  readonly kind: 'link';
  readonly target: string;
}
