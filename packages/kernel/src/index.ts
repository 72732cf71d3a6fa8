export { ERRNO_NAMES, errnoName, errnoNumber, type ErrnoName } from './errno.js';
export { KernelError, type KernelErrorCode, type KernelErrorOptions, type KernelFailure } from './errors.js';
export { hostArchitecture, type Architecture } from './architecture.js';
export { openFlags, type OpenFlags } from './open-flags.js';
export {
  AT_FDCWD,
  close,
  createEventFd,
  duplicate,
  duplicateTo,
  open,
  openAt,
  pread,
  read,
  setCloseOnExec,
  setNonBlocking,
  signalEventFd,
  write,
} from './file-descriptor.js';
export { pollIn, pollLater, pollMany, PollSet } from './poll.js';
export { readlinkInto, readlinkPath } from './readlink.js';
export {
  AT_EMPTY_PATH,
  AT_STATX_DONT_SYNC,
  AT_SYMLINK_NOFOLLOW,
  fstatx,
  statxPath,
  StatxView,
} from './statx.js';
export { readFileAt, readFileOnce, readTextAt } from './read-file.js';
export { readMemory, readMemoryString } from './process-memory.js';
export { mmapShared, pageSize, unmap, type MapOptions } from './mmap.js';
export { returnFreedMemory, trimMemory } from './return-memory.js';
export { memfdCreate, sealMemfd } from './memfd.js';
export { peerCredentials, peerPidfd, type PeerCredentials } from './peer-credentials.js';
export { pidfdGetfd, pidfdOpen, pidfdSendSignal } from './pidfd.js';
export {
  FAN_ACCESS_PERM,
  FAN_ONDIR,
  FAN_OPEN,
  FAN_OPEN_EXEC,
  FAN_OPEN_EXEC_PERM,
  FAN_OPEN_PERM,
  FAN_PERMISSION_EVENTS,
  FAN_PRE_ACCESS,
  FAN_Q_OVERFLOW,
  flushFilesystemMarks,
  flushInodeMarks,
  ignoreInode,
  markFilesystem,
  markInode,
  markMount,
  openFanotify,
  type FanotifyOptions,
} from './fanotify.js';
export { FanotifyBatch, respond } from './fanotify-batch.js';
export { libbpfVersion, type LibbpfVersion } from './libbpf.js';
export { decodeBtf, type Btf, type BtfMember, type BtfStruct, type BtfVariable } from './btf.js';
export { BpfObject, type BpfObjectOptions, type GlobalValue } from './bpf-object.js';
export { BpfObjectMap } from './bpf-object-map.js';
export { BpfProgram } from './bpf-program.js';
export { BpfLink, type AttachableProgram } from './bpf-link.js';
export {
  BPF_ANY,
  BPF_EXIST,
  BPF_MAP_TYPES,
  BPF_NOEXIST,
  BpfMap,
  possibleCpus,
  type BpfMapOptions,
} from './bpf-map.js';
export { openPinned, pinObject } from './bpf-pin.js';
export { runBpfProgram, type BpfTestRun, type BpfTestRunOptions } from './bpf-test-run.js';
export { setRoundRobin } from './round-robin.js';
export { RingReader } from './ring-buffer.js';
export { forEachRecord, type RecordHandler, type RingBatch } from './ring-batch.js';
export { RingStream, type RingStreamOptions } from './ring-stream.js';
export { readCounters } from './counter-map.js';
export {
  isSyscallName,
  SYSCALL_NAMES,
  syscallNames,
  syscallNumber,
  SYSCALLS,
  X32_SYSCALL_BIT,
  type SyscallName,
  type SyscallTable,
} from './syscalls.js';
export { findMountAt, findMountById, parseMountinfo, readMountinfo, type MountEntry } from './mountinfo.js';
export { Cgroup, cgroupOf, unifiedRoot } from './cgroup.js';
export { BPFFS_PATH, ensureBpffs, type Bpffs } from './bpffs.js';
export {
  MNT_DETACH,
  MNT_FORCE,
  mount,
  MS_BIND,
  MS_MOVE,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  pivotRoot,
  UMOUNT_NOFOLLOW,
  umount2,
} from './mount.js';
export {
  CLONE_FS,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  inNamespace,
  namespaceInode,
  openNamespace,
  setns,
  unshare,
  type NamespaceKind,
} from './namespaces.js';
export {
  parseStat,
  parseStatus,
  parseSyscall,
  readCmdline,
  readComm,
  readCwd,
  readExe,
  readStat,
  readStatus,
  readSyscall,
  type ProcStat,
  type ProcStatus,
  type ProcSyscall,
} from './proc.js';
export { procfs, procPath, setProcfs } from './procfs.js';
export { ttyName } from './tty-name.js';
export { parsePasswd, UserNames } from './user-names.js';
export { openInRoot } from './open-in-root.js';
export { openWithinMount } from './open-within-mount.js';
export {
  attachMount,
  canOpenFilesystem,
  cloneMount,
  createDetachedMount,
  type MountSettings,
} from './mount-api.js';
export {
  hasNoNewPrivs,
  setChildSubreaper,
  setDumpable,
  setNoNewPrivs,
  setParentDeathSignal,
} from './prctl.js';
export {
  CAPABILITY_NAMES,
  capabilityMask,
  capabilityName,
  capabilityNamesOf,
  capabilityNumber,
  clearAmbientCapabilities,
  confineCapabilities,
  CONTAINER_CAPABILITIES,
  getCapabilities,
  limitBoundingSet,
  setCapabilities,
  type CapabilityName,
  type CapabilitySets,
} from './capabilities.js';
export {
  assembleSeccompFilter,
  type SeccompAction,
  type SeccompArgument,
  type SeccompFilterOptions,
  type SeccompRule,
} from './seccomp-filter.js';
export { hasSeccompAction, installSeccompFilter, type SeccompInstallOptions } from './seccomp.js';
export {
  LANDLOCK_FS,
  LANDLOCK_NET,
  LANDLOCK_SCOPE,
  landlockAbi,
  LandlockRuleset,
  supportedLandlock,
  type LandlockOptions,
} from './landlock.js';
export { readLsmList } from './lsm-list.js';
export { probeCapabilities } from './probe.js';
export { type Capability, type CapabilityProbeName, type ProbeOptions } from './probe-result.js';
export { keepCapabilitiesAcrossSetuid, raiseAmbientCapability } from './ambient-capabilities.js';
export { bringUpLoopback } from './loopback.js';
export { changeRoot } from './change-root.js';
export { closeOnExecFrom, execve } from './exec.js';
export { makeCharacterDevice } from './device-node.js';
export { resetSignal, unblockSignals } from './signal-disposition.js';
export { setHostname } from './hostname.js';
export { setOpenFileLimit } from './open-file-limit.js';
export { sendUnixDatagram } from './unix-datagram.js';
