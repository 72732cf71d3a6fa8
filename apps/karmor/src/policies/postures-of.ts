import type { Posture, Postures } from '@kubearmor/policy';

/** The same posture for everything. */
export function posturesOf(posture: Posture): Postures {
  return { file: posture, network: posture, capabilities: posture, device: posture };
}
