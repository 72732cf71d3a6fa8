const ABSENT = 'is not part of this version';

/** Commands that KubeArmor's client has and this one does not. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['install', 'kubearmor install installs both programs on this machine'],
  ['uninstall', 'kubearmor uninstall removes both programs from this machine'],
  ['profile', `karmor profile ${ABSENT}; karmor logs --logFilter system tells the same`],
  ['recommend', `karmor recommend ${ABSENT}`],
  ['rotate-tls', `karmor rotate-tls ${ABSENT}: there is no controller`],
  ['selfupdate', `karmor selfupdate ${ABSENT}`],
  ['sysdump', `karmor sysdump ${ABSENT}; karmor status --json has what there is to say`],
]);

/** What to do instead of a command of KubeArmor's client, from the complaint that it is unknown; empty for all else. */
export function absenceHint(complaint: string): string {
  const [, name = ''] = /^unknown command '([^']+)'/.exec(complaint) ?? [];
  const hint = COMMANDS.get(name);
  return hint === undefined ? '' : `: ${hint}`;
}
