import type { AgentStatus, AgentWorkload } from './agent-status.js';
import { formatOtherParts } from './other-parts.js';
import { formatTable } from './table.js';

const HASH_CHARACTERS = 12;

/** Renders a status for reading. A part that has nothing to say is left out. */
export function formatStatus(status: AgentStatus): string {
  const parts = [
    formatHead(status),
    formatEnforcers(status),
    formatCapabilities(status),
    formatWorkloads(status.workloads),
    formatNotEnforced(status.workloads),
    formatUnwatched(status.workloads),
    formatPolicies(status),
    formatProblems(status),
    ...formatOtherParts(status.others),
    formatCounters(status),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function formatHead(status: AgentStatus): string {
  const { kind, reason } = status.enforcer;
  return (
    `agent      ${status.version}\n` +
    `enforcer   ${kind}${reason === '' ? '' : ` (${reason})`}\n` +
    `on error   ${status.onError}\n` +
    `workloads  ${status.workloads.length}\n` +
    `policies   ${status.policies.length}\n`
  );
}

function formatEnforcers({ enforcer }: AgentStatus): string {
  return section(
    ['ENFORCER', 'TAKEN', 'REASON'],
    (enforcer.considered ?? []).map(({ enforcer: name, isTaken, reason }) => [
      name,
      isTaken ? 'yes' : 'no',
      reason,
    ]),
  );
}

function formatCapabilities(status: AgentStatus): string {
  const missing = status.capabilities.filter((capability) => !capability.available);
  return section(
    ['NOT AVAILABLE HERE', 'REASON', 'CONSEQUENCE'],
    missing.map(({ name, reason, consequence }) => [name, reason, consequence]),
  );
}

function formatWorkloads(workloads: readonly AgentWorkload[]): string {
  return section(
    ['ID', 'NAMESPACE', 'NAME', 'LABELS', 'TASKS', 'POLICIES', 'RULE SET', 'SINCE'],
    workloads.map((workload) => [
      String(workload.id),
      workload.namespace,
      workload.name,
      orDash(Object.entries(workload.labels).map(([key, value]) => `${key}=${value}`)),
      String(workload.tasks),
      orDash(workload.policies),
      orDash([workload.ruleSetHash.slice(0, HASH_CHARACTERS)]),
      formatTime(workload.since),
    ]),
  );
}

function formatNotEnforced(workloads: readonly AgentWorkload[]): string {
  const rows = workloads.flatMap((workload) => {
    const name = `${workload.namespace}/${workload.name}`;
    return workload.notEnforced.map(({ rule, reason }) => [name, rule, reason]);
  });
  return section(['WORKLOAD', 'RULE NOT ENFORCED', 'REASON'], rows);
}

function formatUnwatched(workloads: readonly AgentWorkload[]): string {
  const rows = workloads.flatMap((workload) =>
    (workload.unwatched ?? []).map((mountPoint) => [`${workload.namespace}/${workload.name}`, mountPoint]),
  );
  return section(['WORKLOAD', 'FILES NOT SEEN BELOW'], rows);
}

function formatPolicies(status: AgentStatus): string {
  return section(
    ['POLICY', 'WORKLOADS', 'FILE'],
    status.policies.map(({ key, file, workloads }) => [
      key,
      String(typeof workloads === 'number' ? workloads : workloads.length),
      file,
    ]),
  );
}

function formatProblems(status: AgentStatus): string {
  const ofWorkloads = status.workloads.flatMap(({ namespace, name, problem }) =>
    problem === undefined ? [] : [[`${namespace}/${name}`, problem]],
  );
  return section(
    ['PROBLEM IN', 'WHAT'],
    [...status.problems.map(({ file, message }) => [file, message]), ...ofWorkloads],
  );
}

function formatCounters(status: AgentStatus): string {
  return section(
    ['COUNTER', 'VALUE'],
    Object.entries(status.counters).map(([name, value]) => [name, String(value)]),
  );
}

function section(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : formatTable(headings, rows);
}

function orDash(texts: readonly string[]): string {
  const text = texts.join(',');
  return text === '' ? '-' : text;
}

/** Times come as ISO 8601 or as milliseconds since 1970. */
function formatTime(time: string | number): string {
  return typeof time === 'string' ? time : new Date(time).toISOString();
}
