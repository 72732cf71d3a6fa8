import { formatBorderedTable, type TableGroup } from './bordered-table.js';
import type { Paint } from './paint.js';
import type { HostFacts, ProbedPostures } from '@kubearmor/service';
import type { ProbeData } from './probe-data.js';

/** The report on a machine whose agent runs, in the layout that KubeArmor's client has for systemd mode. */
export function formatProbe({ host, containers, hostPolicies }: ProbeData, paint: Paint): string {
  return [
    `\n${paint('green', 'Found KubeArmor running in Systemd mode ')}\n\n`,
    `${paint('bold', 'Host : ')}\n`,
    host === undefined ? ' \tnot told: the agent’s own socket answers to root only\n' : formatHost(host),
    `${paint('bold', 'Host Policies : ')}\n`,
    formatBorderedTable(['HOST NAME ', 'POLICY'], groupsOf(hostPolicies)),
    `${paint('bold', 'Armored Up Containers : ')}\n`,
    formatBorderedTable(['CONTAINER NAME', 'POLICY'], groupsOf(containers)),
  ].join('');
}

function formatHost(host: HostFacts): string {
  const rows = [
    ['OS Image:', host.OSImage],
    ['Kernel Version:', host.KernelVersion],
    ['Kubelet Version:', host.KubeletVersion],
    ['Container Runtime:', host.ContainerRuntime],
    ['Active LSM:', host.ActiveLSM],
    ['Host Security:', String(host.HostSecurity)],
    ['Container Security:', String(host.ContainerSecurity)],
    ['Container Default Posture:', formatPostures(host.ContainerDefaultPosture)],
    ['Host Default Posture:', formatPostures(host.HostDefaultPosture)],
    ['Host Visibility:', host.HostVisibility],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows.map(([name = '', value = '']) => ` \t${name.padEnd(width)}\t${value}\t\n`).join('');
}

function formatPostures({ file, capabilities, network }: ProbedPostures): string {
  return `${file}(File)\t${capabilities}(Capabilities)\t${network}(Network)`;
}

function groupsOf(lists: Readonly<Record<string, readonly string[]>>): readonly TableGroup[] {
  return Object.entries(lists)
    .map(([name, values]) => ({ name, values }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
