import { hostArchitecture } from './architecture.js';
import { errnoNumber } from './errno.js';
import { KernelError } from './errors.js';
import { check, lastErrno, libc } from './libc.js';
import { syscallNumber } from './syscalls.js';

/** Every capability; the place in the list is its number. */
export const CAPABILITY_NAMES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;

/** The name of a capability, for example `CAP_NET_RAW`. */
export type CapabilityName = (typeof CAPABILITY_NAMES)[number];

/** What container runtimes give a container unless told otherwise. */
export const CONTAINER_CAPABILITIES: readonly CapabilityName[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

/** The sets of a thread, one bit per capability. */
export interface CapabilitySets {
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
}

const VERSION_3 = 0x2008_0522;
const PR_CAPBSET_DROP = 24;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;

/** The number of a capability. */
export function capabilityNumber(name: CapabilityName): number {
  return CAPABILITY_NAMES.indexOf(name);
}

/** The name of a capability; undefined for numbers that a newer kernel may have. */
export function capabilityName(number: number): CapabilityName | undefined {
  return CAPABILITY_NAMES[number];
}

/** The bits of some capabilities. */
export function capabilityMask(names: Iterable<CapabilityName>): bigint {
  let mask = 0n;
  for (const name of names) mask |= 1n << BigInt(capabilityNumber(name));
  return mask;
}

/** The names of the bits of a set. */
export function capabilityNamesOf(mask: bigint): readonly CapabilityName[] {
  return CAPABILITY_NAMES.filter((_, number) => ((mask >> BigInt(number)) & 1n) === 1n);
}

/** The sets of a thread, by default the calling one. */
export function getCapabilities(tid = 0): CapabilitySets {
  const data = new Uint32Array(6);
  const number = syscallNumber('capget', hostArchitecture());
  check(libc().syscallBuffers(number, header(tid), new Uint8Array(data.buffer), 0), 'capget', `tid ${tid}`);
  return { effective: join(data, 0), permitted: join(data, 1), inheritable: join(data, 2) };
}

/** Replaces the sets of the calling thread; other threads of the process keep theirs. */
export function setCapabilities(sets: CapabilitySets): void {
  const data = new Uint32Array(6);
  [sets.effective, sets.permitted, sets.inheritable].forEach((mask, index) => {
    data[index] = Number(mask & 0xffff_ffffn);
    data[index + 3] = Number(mask >> 32n);
  });
  const number = syscallNumber('capset', hostArchitecture());
  check(libc().syscallBuffers(number, header(0), new Uint8Array(data.buffer), 0), 'capset', '');
}

/** Takes out of the calling thread's bounding set all but the capabilities of a mask: exec cannot bring them back. */
export function limitBoundingSet(keep: bigint): void {
  const beyondLast = errnoNumber('EINVAL');
  for (let number = 0; number < 64; number++) {
    if (((keep >> BigInt(number)) & 1n) === 1n) continue;
    if (libc().prctl(PR_CAPBSET_DROP, number, 0, 0, 0) === 0) continue;
    const errno = lastErrno();
    // Numbers above the kernel's last capability.
    if (errno === beyondLast) return;
    throw KernelError.fromErrno(errno, 'prctl', `PR_CAPBSET_DROP ${capabilityName(number) ?? number}`);
  }
}

/** Empties the ambient set, which exec would otherwise pass on. */
export function clearAmbientCapabilities(): void {
  check(libc().prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), 'prctl', 'PR_CAP_AMBIENT_CLEAR_ALL');
}

/** Leaves the calling thread, and what it will exec, no more than the capabilities of a mask. */
export function confineCapabilities(keep: bigint): void {
  clearAmbientCapabilities();
  limitBoundingSet(keep);
  const own = getCapabilities();
  setCapabilities({
    effective: own.effective & keep,
    permitted: own.permitted & keep,
    inheritable: own.inheritable & keep,
  });
}

function header(tid: number): Uint8Array {
  return new Uint8Array(new Uint32Array([VERSION_3, tid]).buffer);
}

function join(data: Uint32Array, index: number): bigint {
  return BigInt(data[index] ?? 0) | (BigInt(data[index + 3] ?? 0) << 32n);
}
