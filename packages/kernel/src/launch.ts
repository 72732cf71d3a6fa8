// A second way into this package, for programs whose start-up time counts: it loads no BPF, no rings and no probes.
export { KernelError } from './errors.js';
export { errnoName, errnoNumber, type ErrnoName } from './errno.js';
export { close, open, setCloseOnExec } from './file-descriptor.js';
export {
  MNT_DETACH,
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
  umount2,
} from './mount.js';
export { parseMountinfo, readMountinfo, type MountEntry } from './mountinfo.js';
export {
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUTS,
  openNamespace,
  setns,
  unshare,
} from './namespaces.js';
export { setNoNewPrivs, setParentDeathSignal } from './prctl.js';
export {
  CAPABILITY_NAMES,
  capabilityMask,
  clearAmbientCapabilities,
  confineCapabilities,
  CONTAINER_CAPABILITIES,
  getCapabilities,
  limitBoundingSet,
  setCapabilities,
  type CapabilityName,
} from './capabilities.js';
export { keepCapabilitiesAcrossSetuid, raiseAmbientCapability } from './ambient-capabilities.js';
export {
  assembleSeccompFilter,
  type SeccompAction,
  type SeccompArgument,
  type SeccompRule,
} from './seccomp-filter.js';
export { installSeccompFilter } from './seccomp.js';
export { LANDLOCK_FS, landlockAbi, LandlockRuleset } from './landlock.js';
export { isSyscallName, type SyscallName } from './syscalls.js';
export { openInRoot } from './open-in-root.js';
export { openFlags } from './open-flags.js';
export { bringUpLoopback } from './loopback.js';
export { changeRoot } from './change-root.js';
export { closeOnExecFrom, execve } from './exec.js';
export { makeCharacterDevice } from './device-node.js';
export { resetSignal, unblockSignals } from './signal-disposition.js';
export { setHostname } from './hostname.js';
export { setOpenFileLimit } from './open-file-limit.js';
