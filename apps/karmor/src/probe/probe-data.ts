import type { ProbeResponse } from '@kubearmor/protocol';
import type { HostFacts } from '@kubearmor/service';

/** What a probe of an agent that runs finds. */
export interface ProbeData {
  /** Undefined where only the gRPC server could be asked. */
  readonly host: HostFacts | undefined;
  readonly containers: Readonly<Record<string, readonly string[]>>;
  readonly hostPolicies: Readonly<Record<string, readonly string[]>>;
}

/** What the ProbeService said, with the machine's facts. */
export function toProbeData(response: ProbeResponse, host: HostFacts | undefined): ProbeData {
  const lists = (
    map: Readonly<Record<string, { readonly policyList: readonly string[] }>>,
  ): ProbeData['containers'] =>
    Object.fromEntries(Object.entries(map).map(([name, { policyList }]) => [name, policyList]));
  return { host, containers: lists(response.containerMap), hostPolicies: lists(response.hostMap) };
}
