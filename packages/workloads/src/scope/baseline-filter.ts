import {
  assembleSeccompFilter,
  MS_BIND,
  MS_MOVE,
  MS_PRIVATE,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  type SeccompAction,
  type SeccompArgument,
  type SeccompRule,
  type SyscallName,
} from '@kubearmor/kernel/launch';

const DENIED: SeccompAction = { kind: 'errno', errno: 'EPERM' };
const ALLOWED: SeccompAction = { kind: 'allow' };

const OPEN_TREE_CLONE = 1n;
const MOUNT_FLAGS_ARGUMENT = 3;
const OPEN_TREE_FLAGS_ARGUMENT = 2;

// With this in its upper half the kernel ignores all of that half (do_mount in fs/namespace.c), so what looks like
// MS_PRIVATE or MS_SLAVE there is no such thing. mount(8) has always passed it.
const MS_MGC_MASK = 0xffff_0000n;
const MS_MGC_VALUE = 0xc0ed_0000n;

const LOW_HALF_CHANGES = BigInt(MS_BIND | MS_MOVE | MS_REMOUNT);
const CHANGES = LOW_HALF_CHANGES | BigInt(MS_PRIVATE | MS_SLAVE | MS_SHARED | MS_UNBINDABLE);

/** Calls by which a file system comes into being that was not there when the scope was protected. */
const NEW_FILE_SYSTEMS: readonly SyscallName[] = [
  'fsopen',
  'fsconfig',
  'fsmount',
  'fspick',
  'open_tree_attr',
  'move_mount',
  'fanotify_init',
];

const HAS_MAGIC: SeccompArgument = {
  index: MOUNT_FLAGS_ARGUMENT,
  test: 'equal',
  mask: MS_MGC_MASK,
  value: MS_MGC_VALUE,
};

/**
 * What every scope is denied: a guard sees only the file systems that it marked, so a scope must not bring in others.
 * Mounts that show what is there already (bind, move, remount, propagation) stay allowed. The first rule that matches decides.
 */
export const BASELINE_RULES: readonly SeccompRule[] = [
  ...NEW_FILE_SYSTEMS.map((syscall): SeccompRule => ({ syscall, action: DENIED })),
  { syscall: 'open_tree', when: [flagsShare(OPEN_TREE_FLAGS_ARGUMENT, OPEN_TREE_CLONE)], action: DENIED },
  {
    syscall: 'mount',
    when: [HAS_MAGIC, flagsShare(MOUNT_FLAGS_ARGUMENT, LOW_HALF_CHANGES)],
    action: ALLOWED,
  },
  { syscall: 'mount', when: [HAS_MAGIC], action: DENIED },
  { syscall: 'mount', when: [flagsShare(MOUNT_FLAGS_ARGUMENT, CHANGES)], action: ALLOWED },
  { syscall: 'mount', action: DENIED },
];

/** The filter that every scope starts under. 32-bit calls are judged by their own numbers, x32 calls do not exist. */
export function assembleBaselineFilter(): Uint8Array {
  return assembleSeccompFilter({ rules: BASELINE_RULES });
}

function flagsShare(index: number, mask: bigint): SeccompArgument {
  return { index, test: 'any-bit', mask };
}
