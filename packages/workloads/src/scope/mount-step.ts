/** One step of building a scope's root. Plain data, so that a plan can be read and compared before anything happens. */
export type MountStep =
  /** Nothing that is mounted from here on reaches the machine, or comes from it. */
  | { readonly kind: 'make-private' }
  | {
      readonly kind: 'mount';
      readonly type: string;
      readonly target: string;
      readonly flags: number;
      readonly data: string | null;
    }
  /** A directory, with parents; what is there already stays as it is. */
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  /** Directories for the writes over `lower`; the one seen as the root takes mode and owner from it. */
  | { readonly kind: 'layer'; readonly lower: string; readonly upper: string; readonly work: string }
  | {
      readonly kind: 'overlay';
      readonly lower: string;
      readonly upper: string;
      readonly work: string;
      readonly target: string;
    }
  | { readonly kind: 'bind'; readonly source: string; readonly target: string; readonly flags: number }
  /** Changes the flags of a mount, not of its file system. */
  | { readonly kind: 'restrict'; readonly target: string; readonly flags: number }
  | {
      readonly kind: 'device';
      readonly path: string;
      readonly major: number;
      readonly minor: number;
    }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  /** Where it exists: visible and unchangeable. */
  | { readonly kind: 'read-only'; readonly path: string }
  /** Where it exists: an empty file or directory in its place. */
  | { readonly kind: 'mask'; readonly path: string; readonly emptyFile: string }
  /** A copy of a file of the machine's where the scope has none, or a link that leads nowhere in it. */
  | {
      readonly kind: 'copy-if-missing';
      readonly source: string;
      readonly root: string;
      readonly path: string;
    }
  /** The directory becomes the root, and the old root disappears. */
  | { readonly kind: 'pivot'; readonly root: string };
