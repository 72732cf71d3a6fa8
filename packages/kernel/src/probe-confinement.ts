import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close } from './file-descriptor.js';
import { FAN_OPEN_EXEC_PERM, FAN_OPEN_PERM, markFilesystem, openFanotify } from './fanotify.js';
import { landlockAbi } from './landlock.js';
import { createDetachedMount } from './mount-api.js';
import { pidfdGetfd, pidfdOpen } from './pidfd.js';
import { attempt, fdOrRefuse, refuse } from './probe-attempt.js';
import type { Capability, ProbeOptions } from './probe-result.js';
import { readSyscall } from './proc.js';
import { readTextAt } from './read-file.js';
import { hasSeccompAction } from './seccomp.js';

/** Probes what the guard and launched workloads are confined with. */
export function probeConfinement(options: ProbeOptions): readonly Capability[] {
  return [
    attempt('fanotify-permission', 'The guard cannot stop exec and open.', checkFanotify),
    attempt('overlayfs', 'The guard cannot give a scope a file system of its own.', () => {
      return checkOverlay(options.scratchPath ?? tmpdir());
    }),
    attempt('landlock', 'Unlink, rename and mkdir of launched workloads cannot be confined.', () => {
      const abi = landlockAbi();
      return abi > 0
        ? `abi ${abi}`
        : refuse('expected abi 1 or later, the kernel has none or it is switched off');
    }),
    attempt('seccomp', 'Chmod, memfd and io_uring of launched workloads cannot be refused.', () => {
      const hasErrno = hasSeccompAction({ kind: 'errno', errno: 'EPERM' });
      return hasErrno
        ? 'filters with errno'
        : refuse('expected the errno action, the kernel has no seccomp filters');
    }),
    attempt(
      'user-namespaces',
      'Workloads cannot be launched by a user without privileges.',
      checkUserNamespaces,
    ),
    attempt(
      'pidfd-getfd',
      "A listener cannot be taken over from a launched workload's thread.",
      checkPidfdGetfd,
    ),
    attempt(
      'proc-syscall',
      'Without BPF, reading cannot be told from writing at open: opens count as both.',
      () => {
        const call = readSyscall(process.pid);
        return call === undefined
          ? refuse('/proc/PID/syscall cannot be read')
          : '/proc/PID/syscall is readable';
      },
    ),
  ];
}

// On a tmpfs that is mounted nowhere, so that no other process can meet the mark.
function checkFanotify(): string {
  const root = createDetachedMount('tmpfs');
  try {
    const group = openFanotify();
    try {
      markFilesystem(group, FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM, root, 'add');
    } finally {
      close(group);
    }
  } finally {
    close(root);
  }
  return 'a scratch file system was marked for open and exec';
}

function checkOverlay(scratchPath: string): string {
  const scratch = mkdtempSync(join(scratchPath, 'kubearmor-probe-'));
  try {
    const lower = ['a', 'b'].map((name) => join(scratch, name));
    for (const path of lower) mkdirSync(path);
    close(createDetachedMount('overlay', { lowerdir: lower.join(':') }));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return 'an overlay of two scratch directories was mounted';
}

function checkUserNamespaces(): string {
  const maximum = readSetting('/proc/sys/user/max_user_namespaces');
  if (maximum === undefined) refuse('the kernel has no user namespaces');
  if (maximum === 0) refuse('user.max_user_namespaces is 0');
  if (readSetting('/proc/sys/kernel/unprivileged_userns_clone') === 0) {
    refuse('kernel.unprivileged_userns_clone is 0');
  }
  if (readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === 1) {
    refuse('kernel.apparmor_restrict_unprivileged_userns is 1');
  }
  return `up to ${maximum}`;
}

function readSetting(path: string): number | undefined {
  const text = readTextAt(path)?.trim();
  return text === undefined ? undefined : Number(text);
}

function checkPidfdGetfd(): string {
  const pidfd = fdOrRefuse(pidfdOpen(process.pid), 'pidfd_open', `pid ${process.pid}`);
  try {
    close(pidfdGetfd(pidfd, pidfd));
  } finally {
    close(pidfd);
  }
  return 'a descriptor was taken';
}
