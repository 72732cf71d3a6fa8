import type { SystemdUnit } from '@kubearmor/workloads';
import { WORKLOAD } from '@kubearmor/enforcers';
import type { Workload } from '@kubearmor/policy';
import { SYSTEMD_NAMESPACE } from './named-units.js';
import type { Scope } from './scopes.js';

/** A workload of the machine itself, told of like a scope. */
export interface MachineWorkload {
  readonly scope: Scope;
  /** As policies select it. */
  readonly workload: Workload;
}

/** A systemd unit as a workload. */
export function unitWorkload(id: number, { name, slice }: SystemdUnit, nowMs: number): MachineWorkload {
  const labels = { unit: name, slice };
  const namespace = SYSTEMD_NAMESPACE;
  return {
    scope: { id, name, namespace, labels, image: '', createdAtMs: nowMs },
    workload: { kind: 'unit', namespace, name, containerName: name, labels },
  };
}

/** The host as a workload; its labels are those of the node. */
export function hostWorkload(host: string, nowMs: number): MachineWorkload {
  const labels = { 'kubearmor.io/hostname': host, 'kubernetes.io/hostname': host };
  return {
    scope: { id: WORKLOAD.host, name: host, namespace: '', labels, image: '', createdAtMs: nowMs },
    workload: { kind: 'host', namespace: '', name: host, labels },
  };
}
