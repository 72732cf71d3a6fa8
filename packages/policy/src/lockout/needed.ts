/** One program of those that a machine cannot be reached or kept without. */
export interface NeededProgram {
  /** What it is to the machine. */
  readonly role: 'init' | 'login' | 'sshd' | 'container runtime' | 'kubelet';
  readonly path: string;
  /** Files that it must be able to read. */
  readonly reads: readonly string[];
  /** Programs that it must be able to execute. */
  readonly executes: readonly string[];
  /** Whether it must be able to use TCP. */
  readonly usesTcp: boolean;
}

const LIBRARIES = [
  '/etc/ld.so.cache',
  '/usr/lib64/ld-linux-x86-64.so.2',
  '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  '/usr/lib/x86_64-linux-gnu/libc.so.6',
  '/usr/lib64/libc.so.6',
  '/usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
  '/usr/lib/aarch64-linux-gnu/libc.so.6',
] as const;
const ACCOUNTS = ['/etc/passwd', '/etc/group', '/etc/nsswitch.conf'] as const;
const SHELLS = ['/usr/bin/sh', '/usr/bin/dash', '/usr/bin/bash'] as const;

const program = (
  role: NeededProgram['role'],
  path: string,
  given: Partial<Pick<NeededProgram, 'reads' | 'executes' | 'usesTcp'>> = {},
): NeededProgram => {
  const { reads = [], executes = [], usesTcp = false } = given;
  return { role, path, reads: [...LIBRARIES, ...reads], executes, usesTcp };
};

const PAM = ['/etc/shadow', '/etc/pam.d/common-auth', '/etc/login.defs', ...ACCOUNTS] as const;

/** What no host policy may take from a machine unless it says that it means to. Paths as a merged /usr has them. */
export const neededPrograms: readonly NeededProgram[] = [
  program('init', '/usr/lib/systemd/systemd', {
    reads: ['/etc/machine-id', '/etc/systemd/system.conf', ...ACCOUNTS],
    executes: [
      '/usr/lib/systemd/systemd',
      '/usr/lib/systemd/systemd-executor',
      '/usr/lib/systemd/systemd-journald',
      '/usr/lib/systemd/systemd-logind',
      '/usr/lib/systemd/systemd-udevd',
      '/usr/bin/dbus-daemon',
      '/usr/sbin/agetty',
      '/usr/sbin/sshd',
      '/usr/bin/containerd',
      '/usr/bin/dockerd',
      '/usr/bin/crio',
      '/usr/bin/kubelet',
      '/usr/bin/mount',
      ...SHELLS,
    ],
  }),
  program('login', '/usr/sbin/agetty', { executes: ['/usr/bin/login'] }),
  program('login', '/usr/bin/login', {
    reads: ['/etc/pam.d/login', ...PAM],
    executes: ['/usr/sbin/unix_chkpwd', ...SHELLS],
  }),
  program('login', '/usr/bin/bash', { reads: ACCOUNTS, executes: ['/usr/bin/su', '/usr/bin/sudo'] }),
  program('login', '/usr/bin/su', { reads: ['/etc/pam.d/su', ...PAM], executes: SHELLS }),
  program('login', '/usr/bin/sudo', { reads: ['/etc/sudoers', '/etc/pam.d/sudo', ...PAM], executes: SHELLS }),
  program('sshd', '/usr/sbin/sshd', {
    reads: [
      '/etc/ssh/sshd_config',
      '/etc/ssh/ssh_host_ed25519_key',
      '/etc/ssh/ssh_host_rsa_key',
      '/etc/pam.d/sshd',
      ...PAM,
    ],
    executes: ['/usr/lib/openssh/sshd-session', '/usr/sbin/unix_chkpwd', ...SHELLS],
    usesTcp: true,
  }),
  program('container runtime', '/usr/bin/containerd', {
    reads: ['/etc/containerd/config.toml'],
    executes: ['/usr/bin/containerd-shim-runc-v2'],
    usesTcp: true,
  }),
  program('container runtime', '/usr/bin/containerd-shim-runc-v2', { executes: ['/usr/bin/runc'] }),
  program('container runtime', '/usr/bin/dockerd', {
    reads: ['/etc/docker/daemon.json'],
    executes: ['/usr/bin/containerd', '/usr/bin/docker-proxy'],
    usesTcp: true,
  }),
  program('container runtime', '/usr/bin/crio', {
    reads: ['/etc/crio/crio.conf'],
    executes: ['/usr/bin/conmon', '/usr/bin/crun', '/usr/bin/runc'],
    usesTcp: true,
  }),
  program('kubelet', '/usr/bin/kubelet', {
    reads: ['/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet.conf'],
    executes: ['/usr/bin/mount', '/usr/bin/umount'],
    usesTcp: true,
  }),
];
