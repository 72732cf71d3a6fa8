import type { ProbeResponse } from '@kubearmor/protocol';
import { z } from 'zod';

/** Postures, as the machine's facts have them. */
export interface ProbedPostures {
  readonly file: string;
  readonly network: string;
  readonly capabilities: string;
}

/** The machine, by the names of KubeArmor's probe data. */
export interface HostFacts {
  readonly OSImage: string;
  readonly KernelVersion: string;
  readonly KubeletVersion: string;
  readonly ContainerRuntime: string;
  readonly ActiveLSM: string;
  readonly KernelHeaderPresent: boolean;
  readonly HostSecurity: boolean;
  readonly ContainerSecurity: boolean;
  readonly ContainerDefaultPosture: ProbedPostures;
  readonly HostDefaultPosture: ProbedPostures;
  readonly HostVisibility: string;
}

/** What a probe of an agent that runs finds. */
export interface ProbeData {
  /** Undefined where only the gRPC server could be asked. */
  readonly host: HostFacts | undefined;
  readonly containers: Readonly<Record<string, readonly string[]>>;
  readonly hostPolicies: Readonly<Record<string, readonly string[]>>;
}

const postures = z.object({ file: z.string(), network: z.string(), capabilities: z.string() });

/** Checks what the agent answers to `host`. */
export const hostFactsSchema: z.ZodType<HostFacts> = z.object({
  OSImage: z.string(),
  KernelVersion: z.string(),
  KubeletVersion: z.string(),
  ContainerRuntime: z.string(),
  ActiveLSM: z.string(),
  KernelHeaderPresent: z.boolean(),
  HostSecurity: z.boolean(),
  ContainerSecurity: z.boolean(),
  ContainerDefaultPosture: postures,
  HostDefaultPosture: postures,
  HostVisibility: z.string(),
});

/** What the ProbeService said, with the machine's facts. */
export function toProbeData(response: ProbeResponse, host: HostFacts | undefined): ProbeData {
  const lists = (
    map: Readonly<Record<string, { readonly policyList: readonly string[] }>>,
  ): ProbeData['containers'] =>
    Object.fromEntries(Object.entries(map).map(([name, { policyList }]) => [name, policyList]));
  return { host, containers: lists(response.containerMap), hostPolicies: lists(response.hostMap) };
}
