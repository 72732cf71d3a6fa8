import { check, libc } from './libc.js';

const MFD_CLOEXEC = 0x1;
const MFD_ALLOW_SEALING = 0x2;
const F_ADD_SEALS = 1033;
const F_SEAL_ALL = 0xf;

/** Creates an anonymous file in memory, closed at exec and sealable; `sizeBytes` makes it that long. */
export function memfdCreate(name: string, sizeBytes = 0): number {
  const fd = check(libc().memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING), 'memfd_create', name);
  if (sizeBytes > 0) check(libc().ftruncate(fd, sizeBytes), 'ftruncate', `memfd ${name} to ${sizeBytes}`);
  return fd;
}

/** Makes a memfd unchangeable: size, content and seals. Shared mappings must be gone (EBUSY otherwise), read-only ones too. */
export function sealMemfd(fd: number): void {
  check(libc().fcntl(fd, F_ADD_SEALS, F_SEAL_ALL), 'fcntl', `F_ADD_SEALS ${fd}`);
}
