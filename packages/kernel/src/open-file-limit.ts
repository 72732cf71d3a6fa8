import { hostArchitecture } from './architecture.js';
import { addressOf, check, libc } from './libc.js';

const SYS_PRLIMIT64 = { x86_64: 302, arm64: 261 } as const;
const RLIMIT_NOFILE = 7;

/** Lowers or raises the soft limit of open descriptors, at most to the hard one, and leaves the hard one alone. */
export function setOpenFileLimit(soft: number): void {
  const limits = Buffer.alloc(16);
  const number = SYS_PRLIMIT64[hostArchitecture()];
  const read = libc().syscall(number, 0, RLIMIT_NOFILE, 0, addressOf(limits), 0, 0);
  check(read, 'prlimit64', 'read RLIMIT_NOFILE');
  const hard = limits.readBigUInt64LE(8);
  const wanted = BigInt(soft);
  limits.writeBigUInt64LE(wanted < hard ? wanted : hard, 0);
  check(libc().syscallBufferThird(number, 0, RLIMIT_NOFILE, limits, 0), 'prlimit64', `RLIMIT_NOFILE ${soft}`);
}
