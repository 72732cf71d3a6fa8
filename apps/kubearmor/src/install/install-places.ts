import { join } from 'node:path';

/** Where the parts of an installation are on a machine. */
export interface InstallPlaces {
  readonly prefix: string;
  /** Names by which users call the programs, and what they lead to. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly unit: string;
  readonly config: string;
  readonly policies: string;
  /** What `--purge` removes besides. */
  readonly kept: readonly string[];
  /** Says that the directory is an installation of ours, and of which version. */
  readonly note: string;
}

/** By default where KubeArmor's own packages are. */
export const DEFAULT_PREFIX = '/opt/kubearmor';

/** Where the parts of an installation are in this directory. */
export function installPlaces(prefix: string): InstallPlaces {
  const programs = ['kubearmor', 'karmor'] as const;
  return {
    prefix,
    links: programs.map((name) => ({
      path: join('/usr/local/bin', name),
      target: join(prefix, 'apps', name, 'bin', name),
    })),
    unit: '/etc/systemd/system/kubearmor.service',
    config: '/etc/kubearmor/kubearmor.yaml',
    policies: '/etc/kubearmor/policies',
    kept: ['/etc/kubearmor', '/var/lib/kubearmor'],
    note: join(prefix, 'installed.json'),
  };
}
