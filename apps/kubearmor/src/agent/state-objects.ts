import { arch, release } from 'node:os';
import { WORKLOAD } from '@kubearmor/enforcers';
import type { StateObject } from '../grpc/services/state-agent.js';
import type { InForce } from './workload-registry.js';

/** The node and its workloads, scopes and units, in KubeArmor's JSON names; the host is the node. */
export function stateObjects(
  node: { readonly host: string; readonly cluster: string },
  workloads: readonly Pick<InForce, 'scope' | 'policies'>[],
): readonly StateObject[] {
  return [
    {
      kind: 'node',
      name: node.host,
      object: {
        nodeName: node.host,
        clusterName: node.cluster,
        architecture: arch(),
        operatingSystem: 'linux',
        kernelVersion: release(),
      },
    },
    ...workloads
      .filter(({ scope }) => scope.id !== WORKLOAD.host)
      .map(({ scope, policies }): StateObject => {
        const labels = Object.entries(scope.labels).map(([key, value]) => `${key}=${value}`);
        return {
          kind: 'container',
          name: `${scope.namespace}/${scope.name}/${scope.id}`,
          object: {
            containerID: String(scope.id),
            containerName: scope.name,
            containerImage: scope.image,
            namespaceName: scope.namespace,
            endPointName: scope.name,
            labels: labels.join(','),
            policies,
          },
        };
      }),
  ];
}
