import { z } from 'zod';

/** What becomes of what no rule matches, in the order in which KubeArmor tells it. */
export interface ProbedPostures {
  readonly file: string;
  readonly network: string;
  readonly capabilities: string;
}

/** A machine, by the names of KubeArmor's probe data: the agent's answer to `host`. */
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

const postures = z.object({ file: z.string(), network: z.string(), capabilities: z.string() });

/** Checks an answer to `host`. */
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
