/** The flags of mount(2) (linux/mount.h). */
const MOUNT_FLAGS: readonly (readonly [number, string])[] = [
  [0x1, 'MS_RDONLY'],
  [0x2, 'MS_NOSUID'],
  [0x4, 'MS_NODEV'],
  [0x8, 'MS_NOEXEC'],
  [0x10, 'MS_SYNCHRONOUS'],
  [0x20, 'MS_REMOUNT'],
  [0x40, 'MS_MANDLOCK'],
  [0x80, 'MS_DIRSYNC'],
  [0x100, 'MS_NOSYMFOLLOW'],
  [0x400, 'MS_NOATIME'],
  [0x800, 'MS_NODIRATIME'],
  [0x1000, 'MS_BIND'],
  [0x2000, 'MS_MOVE'],
  [0x4000, 'MS_REC'],
  [0x8000, 'MS_SILENT'],
  [0x20000, 'MS_UNBINDABLE'],
  [0x40000, 'MS_PRIVATE'],
  [0x80000, 'MS_SLAVE'],
  [0x100000, 'MS_SHARED'],
  [0x200000, 'MS_RELATIME'],
  [0x1000000, 'MS_STRICTATIME'],
  [0x2000000, 'MS_LAZYTIME'],
];

const UMOUNT_FLAGS: readonly (readonly [number, string])[] = [
  [1, 'MNT_FORCE'],
  [2, 'MNT_DETACH'],
  [4, 'MNT_EXPIRE'],
  [8, 'UMOUNT_NOFOLLOW'],
];

const PTRACE_REQUESTS: ReadonlyMap<number, string> = new Map([
  [0, 'TRACEME'],
  [1, 'PEEKTEXT'],
  [2, 'PEEKDATA'],
  [3, 'PEEKUSER'],
  [4, 'POKETEXT'],
  [5, 'POKEDATA'],
  [6, 'POKEUSER'],
  [7, 'CONT'],
  [8, 'KILL'],
  [9, 'SINGLESTEP'],
  [12, 'GETREGS'],
  [13, 'SETREGS'],
  [14, 'GETFPREGS'],
  [15, 'SETFPREGS'],
  [16, 'ATTACH'],
  [17, 'DETACH'],
  [24, 'SYSCALL'],
  [31, 'SYSEMU'],
  [32, 'SYSEMU_SINGLESTEP'],
  [0x4200, 'SETOPTIONS'],
  [0x4201, 'GETEVENTMSG'],
  [0x4202, 'GETSIGINFO'],
  [0x4203, 'SETSIGINFO'],
  [0x4204, 'GETREGSET'],
  [0x4205, 'SETREGSET'],
  [0x4206, 'SEIZE'],
  [0x4207, 'INTERRUPT'],
  [0x4208, 'LISTEN'],
  [0x4209, 'PEEKSIGINFO'],
  [0x420a, 'GETSIGMASK'],
  [0x420b, 'SETSIGMASK'],
  [0x420c, 'SECCOMP_GET_FILTER'],
  [0x420d, 'SECCOMP_GET_METADATA'],
  [0x420e, 'GET_SYSCALL_INFO'],
]);

/** The flags of mount(2): `MS_NOSUID|MS_NODEV`, `0` for none. */
export function mountFlagsText(flags: number): string {
  return joined(flags, MOUNT_FLAGS);
}

/** The flags of umount2(2): `MNT_DETACH`, `0` for none. */
export function umountFlagsText(flags: number): string {
  return joined(flags, UMOUNT_FLAGS);
}

/** `PTRACE_ATTACH`, or the number of a request without a name. */
export function ptraceRequestName(request: number): string {
  const name = PTRACE_REQUESTS.get(request);
  return name === undefined ? String(request) : `PTRACE_${name}`;
}

function joined(flags: number, names: readonly (readonly [number, string])[]): string {
  const set = names.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return set.length === 0 ? '0' : set.join('|');
}
