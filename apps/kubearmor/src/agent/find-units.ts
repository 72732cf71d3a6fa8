import { unifiedRoot } from '@kubearmor/kernel';
import { findSystemdHierarchy, SystemdUnits } from '@kubearmor/workloads';

/** The units of this machine: systemd's, or those below a cgroup; undefined where there are none. */
export function findUnits(below: string | undefined): SystemdUnits | undefined {
  if (below !== undefined)
    return new SystemdUnits({ hierarchy: { number: 0, directory: unifiedRoot() }, below });
  const hierarchy = findSystemdHierarchy();
  return hierarchy && new SystemdUnits({ hierarchy });
}
