/** How `policy` asks about a workload's file system, without having one. */
export interface Resolver {
  /** The real path, within the workload's root, of the longest beginning that exists, with the rest appended. Nothing if nothing resolves. */
  resolve(path: string): string | undefined;
  /** Like `resolve`, but the last component is not followed. */
  resolveParent(path: string): string | undefined;
  /** The identity, `dev:ino`, of the file at a real path. */
  fileId(path: string): string | undefined;
  /** The entries of the standard executable directories, with the real path of each. */
  executables(): readonly Executable[];
}

/** One entry of a standard executable directory. */
export interface Executable {
  /** Its absolute path. */
  readonly name: string;
  /** The real path of what runs. */
  readonly target: string;
}
