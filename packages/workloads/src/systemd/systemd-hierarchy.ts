import { existsSync, readFileSync } from 'node:fs';
import { readMountinfo, type MountEntry } from '@kubearmor/kernel';

/** The hierarchy in which systemd keeps its units. */
export interface SystemdHierarchy {
  /** As the kernel numbers it; 0 for the unified one. */
  readonly number: number;
  /** Where it is mounted. */
  readonly directory: string;
}

/** systemd makes this directory when it has started the machine. */
const BOOTED = '/run/systemd/system';
const NAMED = 'name=systemd';

/** Finds the hierarchy of this machine's systemd; undefined where systemd did not start the machine. */
export function findSystemdHierarchy(): SystemdHierarchy | undefined {
  return existsSync(BOOTED)
    ? chooseHierarchy(readMountinfo(), readFileSync('/proc/self/cgroup', 'utf8'))
    : undefined;
}

/**
 * Of the hierarchies that are mounted, the one of systemd: its own of the first version where there is one, in which
 * it keeps every unit, else the unified one. `cgroups` is the text of /proc/self/cgroup.
 */
export function chooseHierarchy(
  mounts: readonly MountEntry[],
  cgroups: string,
): SystemdHierarchy | undefined {
  const named = mounts.find(
    ({ fsType, superOptions }) => fsType === 'cgroup' && superOptions.includes(NAMED),
  );
  const number = new RegExp(`^(\\d+):${NAMED}:`, 'm').exec(cgroups)?.[1];
  if (named !== undefined && number !== undefined)
    return { number: Number(number), directory: named.mountPoint };
  const unified = mounts.find(({ fsType }) => fsType === 'cgroup2');
  return unified && { number: 0, directory: unified.mountPoint };
}
