import { WORKLOAD } from '@kubearmor/enforcers';
import type { Visibility } from '@kubearmor/monitor';
import type { HostFacts } from '@kubearmor/service';
import type { LogNode } from '@kubearmor/telemetry';
import type { StateObject } from '../grpc/services/state-feed.js';
import type { LiveConfig } from './live-config.js';
import type { InForce } from './workload-registry.js';

/** The node and its workloads as they are at a moment. */
export interface NodeState {
  readonly node: LogNode;
  readonly facts: Pick<HostFacts, 'OSImage' | 'KernelVersion' | 'HostSecurity'>;
  readonly live: Pick<LiveConfig, 'visibility' | 'hostVisibility' | 'postures'>;
  readonly workloads: readonly Pick<InForce, 'scope' | 'policies' | 'mode' | 'sinceMs'>[];
}

/** KubeArmor's numbers for how far policies are carried out. */
const POLICY_ENABLED = { none: 0, enforced: 1, audited: 2 } as const;
/** Go's names of architectures, where Node's are others. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64' };

/**
 * The node, the namespaces, and the workloads with policies (scopes and units), in KubeArmor's JSON names; the host is the
 * node.
 */
export function stateObjects(state: NodeState): readonly StateObject[] {
  const workloads = state.workloads.filter(({ scope }) => scope.id !== WORKLOAD.host);
  const namespaces = new Set(workloads.map(({ scope }) => scope.namespace));
  return [
    nodeObject(state),
    ...[...namespaces].map((namespace) => namespaceObject(namespace, state)),
    ...workloads.map((workload) => containerObject(workload, state)),
  ];
}

function nodeObject({ node, facts, live }: NodeState): StateObject {
  const { ClusterName: clusterName, HostName: nodeName = '', NodeID: nodeID } = node;
  return {
    kind: 'node',
    id: nodeName,
    name: nodeName,
    object: {
      clusterName,
      nodeName,
      nodeID,
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      operatingSystem: process.platform,
      osImage: facts.OSImage,
      kernelVersion: facts.KernelVersion,
      policyEnabled: facts.HostSecurity ? POLICY_ENABLED.enforced : POLICY_ENABLED.none,
      ...visibilityFields(live.hostVisibility),
    },
  };
}

function namespaceObject(name: string, { live }: NodeState): StateObject {
  const { file, network } = live.postures;
  return {
    kind: 'namespace',
    id: name,
    name,
    object: { name, kubearmorFilePosture: file, kubearmorNetworkPosture: network },
  };
}

function containerObject(
  { scope, policies, mode, sinceMs }: NodeState['workloads'][number],
  { live }: NodeState,
): StateObject {
  const labels = Object.entries(scope.labels).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'container',
    id: String(scope.id),
    name: scope.name,
    object: {
      containerID: String(scope.id),
      containerName: scope.name,
      containerImage: scope.image,
      namespaceName: scope.namespace,
      endPointName: scope.name,
      labels: labels.join(','),
      policyEnabled: POLICY_ENABLED[mode],
      ...visibilityFields(live.visibility),
      lastUpdatedAt: new Date(sinceMs).toISOString(),
      policies,
    },
  };
}

function visibilityFields(visibility: Visibility): Readonly<Record<string, boolean>> {
  return {
    processVisibilityEnabled: visibility.has('process'),
    fileVisibilityEnabled: visibility.has('file'),
    networkVisibilityEnabled: visibility.has('network'),
    capabilitiesVisibilityEnabled: visibility.has('capabilities'),
  };
}
