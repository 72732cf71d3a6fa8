import { hostArchitecture } from './architecture.js';
import { AT_FDCWD, close } from './file-descriptor.js';
import { check, libc } from './libc.js';
import { type SyscallName, syscallNumber } from './syscalls.js';

const FSOPEN_CLOEXEC = 0x1;
const FSCONFIG_SET_FLAG = 0;
const FSCONFIG_SET_STRING = 1;
const FSCONFIG_CMD_CREATE = 6;
const FSMOUNT_CLOEXEC = 0x1;
const MOVE_MOUNT_F_EMPTY_PATH = 0x4;
const OPEN_TREE_CLONE = 0x1;
const OPEN_TREE_CLOEXEC = 0o2000000;
const AT_RECURSIVE = 0x8000;

/** A file system's settings by name: text, or true for a flag. */
export type MountSettings = Readonly<Record<string, string | true>>;

/** Mounts a new file system that is attached nowhere: a descriptor of its root. It goes away when that is closed. */
export function createDetachedMount(type: string, settings: MountSettings = {}, attributes = 0): number {
  const context = check(libc().fsopen(nr('fsopen'), type, FSOPEN_CLOEXEC), 'fsopen', type);
  try {
    for (const [key, value] of Object.entries(settings)) configure(context, type, key, value);
    const created = libc().fsconfig(nr('fsconfig'), context, FSCONFIG_CMD_CREATE, null, null, 0);
    check(created, 'fsconfig', `create ${type}`);
    const fd = libc().syscall(nr('fsmount'), context, FSMOUNT_CLOEXEC, attributes, 0, 0, 0);
    return check(fd, 'fsmount', type);
  } finally {
    close(context);
  }
}

/** Copies a mount, or the whole tree below it, as one that is attached nowhere: a descriptor of its root. */
export function cloneMount(path: string, isRecursive: boolean): number {
  const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (isRecursive ? AT_RECURSIVE : 0);
  return check(libc().open_tree(nr('open_tree'), AT_FDCWD, path, flags), 'open_tree', path);
}

/** Attaches a detached mount at a path of the calling thread's mount namespace. */
export function attachMount(fd: number, path: string): void {
  const result = libc().move_mount(nr('move_mount'), fd, '', AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH);
  check(result, 'move_mount', `${fd} to ${path}`);
}

/** Whether the kernel has a file system type and lets us use it. */
export function canOpenFilesystem(type: string): boolean {
  const fd = libc().fsopen(nr('fsopen'), type, FSOPEN_CLOEXEC);
  if (fd < 0) return false;
  close(fd);
  return true;
}

function configure(context: number, type: string, key: string, value: string | true): void {
  const isFlag = value === true;
  const command = isFlag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
  const result = libc().fsconfig(nr('fsconfig'), context, command, key, isFlag ? null : value, 0);
  check(result, 'fsconfig', `${type} ${key}=${String(value)}`);
}

function nr(name: SyscallName): number {
  return syscallNumber(name, hostArchitecture());
}
