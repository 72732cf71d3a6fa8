import type { ProbeData } from './probe-data.js';
import type { Support } from './support-text.js';

/** The report on a machine whose agent runs, as KubeArmor's client writes it in JSON. */
export function probeJson({ host, containers, hostPolicies }: ProbeData): string {
  const lists = Object.entries(hostPolicies).map(([name, policyList]) => [name, { policyList }] as const);
  const data = { ArmoredContainers: containers, Host: host ?? null, HostPolicies: Object.fromEntries(lists) };
  return `${JSON.stringify({ 'Probe Data': data })}\n`;
}

/** The report on a machine without an agent. */
export function supportJson({ kernel, lsms, capabilities }: Support): string {
  return `${JSON.stringify({ Support: { KernelVersion: kernel, LSMs: lsms, Capabilities: capabilities } })}\n`;
}
