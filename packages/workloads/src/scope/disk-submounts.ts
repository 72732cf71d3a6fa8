import type { MountEntry } from '@kubearmor/kernel/launch';

/** File systems that hold an installation's files. What else is mounted (proc, tmpfs, network shares …) a scope does not take over. */
const DISK_TYPES = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'bcachefs',
  'zfs',
  'erofs',
  'squashfs',
]);

/** A scope makes these itself, or must not see what the machine mounts there. */
const OWN_DIRECTORIES = ['/proc', '/sys', '/dev', '/run', '/tmp'];

/**
 * The mount points below the machine's root whose files belong to it, such as a /usr or /home on a disk of its own.
 * An overlay shows one file system: each of these needs one of its own.
 */
export function diskSubmounts(mounts: readonly MountEntry[]): readonly string[] {
  const points = mounts
    .filter((mount) => DISK_TYPES.has(mount.fsType) && mount.mountPoint !== '/')
    .map((mount) => mount.mountPoint)
    .filter((point) => !OWN_DIRECTORIES.some((own) => point === own || point.startsWith(`${own}/`)));
  return [...new Set(points)].sort();
}
