import { hostArchitecture } from './architecture.js';
import { check, libc } from './libc.js';
import { syscallNumber } from './syscalls.js';

export const MS_RDONLY = 0x1;
export const MS_NOSUID = 0x2;
export const MS_NODEV = 0x4;
export const MS_NOEXEC = 0x8;
export const MS_REMOUNT = 0x20;
export const MS_BIND = 0x1000;
export const MS_MOVE = 0x2000;
export const MS_REC = 0x4000;
export const MS_UNBINDABLE = 0x20000;
export const MS_PRIVATE = 0x40000;
export const MS_SLAVE = 0x80000;
export const MS_SHARED = 0x100000;

export const MNT_FORCE = 0x1;
export const MNT_DETACH = 0x2;
export const UMOUNT_NOFOLLOW = 0x8;

/** mount(2); `null` where the kind of mount has no source, type or data. */
export function mount(
  source: string | null,
  target: string,
  type: string | null,
  flags = 0,
  data: string | null = null,
): void {
  check(
    libc().mount(source, target, type, flags, data),
    'mount',
    `${type ?? ''} ${source ?? ''} on ${target}`,
  );
}

/** umount2(2). */
export function umount2(target: string, flags = 0): void {
  check(libc().umount2(target, flags), 'umount2', target);
}

/** pivot_root(2): `newRoot` becomes the root and the old root moves to `putOld`. */
export function pivotRoot(newRoot: string, putOld: string): void {
  const number = syscallNumber('pivot_root', hostArchitecture());
  check(libc().syscallPaths(number, newRoot, putOld), 'pivot_root', `${newRoot}, old at ${putOld}`);
}
