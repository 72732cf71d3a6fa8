import type { ServiceImpl } from '@connectrpc/connect';
import type { ProbeService } from '@kubearmor/protocol';

/** One policy as it is told to clients. */
export interface ProbedPolicy {
  readonly name: string;
  /** Its JSON, `metadata` and `spec`; by default only the name is told. */
  readonly document?: unknown;
}

/** One workload and what is in force for it. */
export interface ProbedContainer {
  readonly name: string;
  readonly policies: readonly ProbedPolicy[];
  /** By default `enabled`. */
  readonly mode?: 'disabled' | 'enabled' | 'audited';
}

/** What is in force on this machine. */
export interface Probe {
  readonly host: string;
  readonly containers: readonly ProbedContainer[];
  readonly hostPolicies: readonly ProbedPolicy[];
}

/** Says what is in force. */
export interface ProbeSource {
  probe(): Promise<Probe>;
}

/** KubeArmor's numbers for how far policies are carried out. */
const MODES = { disabled: 0, enabled: 1, audited: 2 } as const;

/** Answers KubeArmor's ProbeService. */
export function probeService(source: ProbeSource): ServiceImpl<typeof ProbeService> {
  return {
    getProbeData: async () => {
      const { host, containers, hostPolicies } = await source.probe();
      const containerMap = Object.fromEntries(
        containers.map(({ name, policies, mode = 'enabled' }) => [
          name,
          { ...lists(policies), policyEnabled: MODES[mode] },
        ]),
      );
      return {
        containerList: containers.map(({ name }) => name),
        containerMap,
        hostMap: hostPolicies.length === 0 ? {} : { [host]: lists(hostPolicies) },
      };
    },
  };
}

function lists(policies: readonly ProbedPolicy[]): {
  policyList: string[];
  policyDataList: { policy: Uint8Array<ArrayBuffer> }[];
} {
  return {
    policyList: policies.map(({ name }) => name),
    policyDataList: policies
      .filter(({ document }) => document !== undefined)
      .map(({ document }) => ({ policy: new Uint8Array(Buffer.from(JSON.stringify(document))) })),
  };
}
