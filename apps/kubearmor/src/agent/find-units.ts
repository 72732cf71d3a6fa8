import { unifiedRoot } from '@kubearmor/kernel';
import { findSystemdHierarchy, SystemdUnits } from '@kubearmor/workloads';
import type { AgentConfig } from './agent-config.js';

/** The units of this machine: systemd's, or those below a cgroup; undefined where there are none, or none are asked for. */
export function findUnits(
  config: Pick<AgentConfig, 'unitCgroups' | 'areUnitsEnabled'>,
): SystemdUnits | undefined {
  const { unitCgroups: below, areUnitsEnabled } = config;
  if (below !== undefined)
    return new SystemdUnits({ hierarchy: { number: 0, directory: unifiedRoot() }, below });
  if (!areUnitsEnabled) return undefined;
  const hierarchy = findSystemdHierarchy();
  return hierarchy && new SystemdUnits({ hierarchy });
}
