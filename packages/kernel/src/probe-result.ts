/** What can be asked about a machine. */
export type CapabilityProbeName =
  | 'root'
  | 'kernel-release'
  | 'btf'
  | 'libbpf'
  | 'bpffs'
  | 'ring-buffer'
  | 'raw-tracepoint'
  | 'cgroup-bpf'
  | 'bpf-lsm'
  | 'fanotify-permission'
  | 'overlayfs'
  | 'landlock'
  | 'seccomp'
  | 'user-namespaces'
  | 'pidfd-getfd'
  | 'proc-syscall';

/** Whether this machine can do something, found out by doing it. */
export interface Capability {
  readonly name: CapabilityProbeName;
  readonly available: boolean;
  /** What was found: a version, or the error of the attempt. */
  readonly reason: string;
  /** What does not work without it; empty when it is available. */
  readonly consequence: string;
}

/** Where and how the machine is probed. */
export interface ProbeOptions {
  /** A directory for scratch files. By default the system's temporary directory. */
  readonly scratchPath?: string;
}
