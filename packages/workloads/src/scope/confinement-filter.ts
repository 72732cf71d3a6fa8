import { assembleSeccompFilter, type SeccompRule, type SyscallName } from '@kubearmor/kernel/launch';

const DENIED = { kind: 'errno', errno: 'EPERM' } as const;
const ALLOWED = { kind: 'allow' } as const;

/** What neither fanotify nor Landlock sees: memory that can be executed, rings of calls, changes of owner, mode and attributes. */
const DENIED_CALLS: readonly SyscallName[] = [
  'memfd_create',
  'memfd_secret',
  'io_uring_setup',
  'io_uring_enter',
  'io_uring_register',
  'chmod',
  'fchmod',
  'fchmodat',
  'fchmodat2',
  'chown',
  'fchown',
  'lchown',
  'fchownat',
  'chown32',
  'fchown32',
  'lchown32',
  'setxattr',
  'lsetxattr',
  'fsetxattr',
  'setxattrat',
  'removexattr',
  'lremovexattr',
  'fremovexattr',
  'removexattrat',
  'mknod',
  'mknodat',
  'ptrace',
  'process_vm_writev',
  // On i386 one call carries all socket calls, with the family in memory where no filter can look.
  'socketcall',
];

const AF_UNIX = 1n;
const AF_INET = 2n;
const AF_INET6 = 10n;
const AF_NETLINK = 16n;

/** What `--confine` denies by system call. The first rule that matches decides. */
export const CONFINEMENT_RULES: readonly SeccompRule[] = [
  ...DENIED_CALLS.map((syscall): SeccompRule => ({ syscall, action: DENIED })),
  ...[AF_UNIX, AF_INET, AF_INET6, AF_NETLINK].map((value): SeccompRule => ({
    syscall: 'socket',
    when: [{ index: 0, test: 'equal', value }],
    action: ALLOWED,
  })),
  { syscall: 'socket', action: DENIED },
];

/** The filter of `--confine`, in force beside the baseline. */
export function assembleConfinementFilter(): Uint8Array {
  return assembleSeccompFilter({ rules: CONFINEMENT_RULES });
}
