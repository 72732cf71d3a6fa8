import { WORKLOAD } from '@kubearmor/enforcers';
import { describe, expect, it } from 'vitest';
import { stateObjects, type NodeState } from './state-objects.js';

const scope = { namespace: 'shop', labels: { app: 'web', tier: 'front' }, image: 'i', createdAtMs: 0 };
const state: NodeState = {
  node: { ClusterName: 'default', HostName: 'n', NodeID: '9f1c' },
  facts: { OSImage: 'Debian', KernelVersion: '6.1', HostSecurity: true },
  live: {
    visibility: new Set(['process', 'network']),
    hostVisibility: new Set(),
    postures: { file: 'audit', network: 'block', capabilities: 'audit', device: 'audit' },
  },
  workloads: [
    { scope: { ...scope, id: 7, name: 'web' }, policies: ['p'], mode: 'audited', sinceMs: 0 },
    {
      scope: { ...scope, id: WORKLOAD.unit + 1, name: 'web.service', namespace: 'systemd', labels: {} },
      policies: [],
      mode: 'enforced',
      sinceMs: 0,
    },
    { scope: { ...scope, id: WORKLOAD.host, name: 'n' }, policies: ['h'], mode: 'enforced', sinceMs: 0 },
  ],
};

describe('stateObjects', () => {
  it('has the node, then namespaces, then scopes and units', () => {
    expect(stateObjects(state).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'node n',
      'namespace shop',
      'namespace systemd',
      'container web',
      'container web.service',
    ]);
  });

  it('tells a workload as KubeArmor tells a container', () => {
    const container = stateObjects(state).find(({ kind }) => kind === 'container');
    expect(container?.object).toEqual({
      containerID: '7',
      containerName: 'web',
      containerImage: 'i',
      namespaceName: 'shop',
      endPointName: 'web',
      labels: 'app=web,tier=front',
      policyEnabled: 2,
      processVisibilityEnabled: true,
      fileVisibilityEnabled: false,
      networkVisibilityEnabled: true,
      capabilitiesVisibilityEnabled: false,
      lastUpdatedAt: '1970-01-01T00:00:00.000Z',
      policies: ['p'],
    });
  });

  it('tells the node as KubeArmor does, with Go’s names of architectures', () => {
    const [node] = stateObjects(state);
    expect(node?.object).toMatchObject({
      clusterName: 'default',
      nodeName: 'n',
      nodeID: '9f1c',
      operatingSystem: 'linux',
      osImage: 'Debian',
      policyEnabled: 1,
      processVisibilityEnabled: false,
    });
    expect(node?.object['architecture']).toMatch(/^(amd64|arm64)$/);
  });

  it('tells the postures of a namespace', () => {
    const namespace = stateObjects(state).find(({ kind }) => kind === 'namespace');
    expect(namespace?.object).toEqual({
      name: 'shop',
      kubearmorFilePosture: 'audit',
      kubearmorNetworkPosture: 'block',
    });
  });
});
