/** Tells a unit that we wrote from another one. */
export const UNIT_MARK = '# Written by kubearmor install.';

/** The systemd unit of an agent that is installed in a directory. */
export function unitFile(prefix: string): string {
  return `${UNIT_MARK} Changes belong in a drop-in: systemctl edit kubearmor
[Unit]
Description=KubeArmor agent: policies the kernel enforces
Documentation=file://${prefix}/README.md
# Break-glass: a machine booted with kubearmor=off starts without.
ConditionKernelCommandLine=!kubearmor=off
# Before the services of the machine, so that they are guarded from their first instruction. They wait until the agent
# is ready, and start without it when it fails.
DefaultDependencies=no
After=local-fs.target systemd-tmpfiles-setup.service systemd-journald.socket
Before=basic.target shutdown.target
Conflicts=shutdown.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart=${prefix}/apps/kubearmor/bin/kubearmor agent
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=1
TimeoutStartSec=90
WatchdogSec=60
# What judges runs in the same cgroup and must outlive the agent: nothing opens when it stops or is upgraded.
KillMode=process
OOMPolicy=continue
OOMScoreAdjust=-900
# Policies are about the machine's own mounts, processes and cgroups: no namespace or limit of systemd's around it.

[Install]
WantedBy=sysinit.target
`;
}
