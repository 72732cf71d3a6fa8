import { WORKLOAD } from '@kubearmor/enforcers';
import type { Probe } from '../grpc/services/probe-service.js';
import type { InForce } from './workload-registry.js';

/** What KubeArmor's ProbeService tells: policies by their names, of scopes, units and the host. */
export function probed(
  host: string,
  workloads: readonly Pick<InForce, 'scope' | 'policies' | 'mode'>[],
  hostPolicies: readonly string[],
): Probe {
  return {
    host,
    containers: workloads
      .filter(({ scope }) => scope.id !== WORKLOAD.host)
      .map(({ scope, policies, mode }) => ({
        name: scope.name,
        policies: policies.map(nameOf),
        mode: mode === 'audited' ? 'audited' : 'enabled',
      })),
    hostPolicies: hostPolicies.map(nameOf),
  };
}

function nameOf(key: string): { readonly name: string } {
  return { name: key.slice(key.lastIndexOf('/') + 1) };
}
