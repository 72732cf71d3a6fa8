/** Who asks. */
export interface Subject {
  /** Real path of the executable of the task that asks. */
  readonly exe: string;
  /** For an exec: that of the process that forked it, as recorded at the fork. */
  readonly parentExe?: string;
  /** Effective file-system uid, mapped through user namespaces. */
  readonly fsUid: number;
  /** Whether it has a controlling terminal. */
  readonly hasTty: boolean;
}

/** A file, or a name that is about to become one. */
export interface FileObject {
  /** As seen from the workload's root; `memfd:<name>` or `(deleted) <name>` for what has none. */
  readonly path: string;
  /** Further names of the same file: as the subject uses it, bind mounts. */
  readonly otherNames?: readonly string[];
  /** `dev:ino`. */
  readonly fileId?: string;
  /** Owner of the file; of the directory, where the file is being created. */
  readonly ownerUid: number;
  /** A pipe, memfd or unlinked file: no object of file rules. */
  readonly anonymous?: boolean;
}

/** One file that an exec opens. */
export interface ExecLink extends FileObject {
  readonly role: 'program' | 'interpreter' | 'loader';
  /** As a script names its interpreter, like `ExecOperation.requestedPath`. By default the operation's, for the first link. */
  readonly requestedPath?: string;
}

/** One `execve`. */
export interface ExecOperation {
  readonly kind: 'exec';
  readonly subject: Subject;
  /** Absolute and normalised, its directories resolved, its last link not. */
  readonly requestedPath: string;
  readonly argv: readonly string[];
  /** In the kernel's order. */
  readonly links: readonly ExecLink[];
}

/** One open, or one call that changes names or attributes. */
export interface FileOperation {
  readonly kind: 'file';
  readonly subject: Subject;
  readonly access: readonly ('read' | 'write')[];
  /** Two for a rename or a link. */
  readonly objects: readonly FileObject[];
  /** A directory is renamed, removed or mounted over. */
  readonly subtree?: boolean;
  /** The subject is a dynamic loader that was run directly: the open is an exec as well. */
  readonly byLoader?: boolean;
  /** With `byLoader`: the arguments of what the loader runs. */
  readonly argv?: readonly string[];
}

/** One use of a socket call. */
export interface NetworkOperation {
  readonly kind: 'network';
  readonly subject: Subject;
  readonly family: 'inet' | 'inet6' | 'unix' | 'netlink' | 'packet' | 'other';
  readonly type: 'stream' | 'dgram' | 'raw' | 'rdm' | 'seqpacket' | 'dccp' | 'packet';
  /** As given to `socket`; 0 is the default of family and type. */
  readonly protocol: number;
}

/** One use of a capability. */
export interface CapabilityOperation {
  readonly kind: 'capabilities';
  readonly subject: Subject;
  readonly capability: string;
  /** The kernel asks that this check be kept quiet: judged like others, never alerted. */
  readonly quiet?: boolean;
}

/** One look-up of a name. */
export interface DnsOperation {
  readonly kind: 'dns';
  readonly subject: Subject;
  readonly domain: string;
}

/** One system call. */
export interface SyscallOperation {
  readonly kind: 'syscall';
  readonly subject: Subject;
  readonly syscall: string;
  readonly path?: string;
}

/** One USB device that was plugged in. */
export interface DeviceOperation {
  readonly kind: 'device';
  readonly subject?: Subject;
  readonly class: number;
  readonly subClass: number;
  readonly protocol: number;
  readonly level: number;
}

/** One thing that a preset is about. */
export interface PresetOperation {
  readonly kind: 'preset';
  readonly subject: Subject;
  readonly preset: string;
}

/** What is judged. */
export type Operation =
  | ExecOperation
  | FileOperation
  | NetworkOperation
  | CapabilityOperation
  | DnsOperation
  | SyscallOperation
  | DeviceOperation
  | PresetOperation;
