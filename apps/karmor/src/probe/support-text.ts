import type { Capability } from '@kubearmor/kernel';
import { formatTable } from '../status/table.js';
import type { Paint } from './paint.js';

/** What this machine could do, found out by trying. */
export interface Support {
  readonly kernel: string;
  /** Active Linux Security Modules, as the kernel lists them. */
  readonly lsms: string;
  readonly capabilities: readonly Capability[];
}

/** Without these nothing is seen. */
const OBSERVING = ['root', 'btf', 'libbpf', 'ring-buffer', 'raw-tracepoint'];
/** With these, too, operations are refused. */
const REFUSING = [...OBSERVING, 'bpffs', 'cgroup-bpf', 'fanotify-permission', 'proc-syscall'];

/** The report on a machine without an agent. */
export function formatSupport({ kernel, lsms, capabilities }: Support, paint: Paint): string {
  return [
    `${paint('yellow', "Didn't find KubeArmor in systemd or Kubernetes, probing for support for KubeArmor")}\n`,
    'Host:\n',
    `\t Observability/Audit:${paint(...observability(capabilities, kernel))}\n`,
    `\t Enforcement:${paint(...enforcement(capabilities, lsms))}\n`,
  ].join('');
}

/** Everything that was tried, and what follows where it did not work. */
export function formatCapabilities(capabilities: readonly Capability[]): string {
  return formatTable(
    ['TRIED', 'WORKS', 'FOUND', 'WITHOUT IT'],
    capabilities.map(({ name, available, reason, consequence }) => [
      name,
      available ? 'yes' : 'no',
      reason,
      consequence,
    ]),
  );
}

function observability(capabilities: readonly Capability[], kernel: string): Parameters<Paint> {
  const missing = missingOf(capabilities, OBSERVING);
  if (missing === '') return ['green', ` Supported (Kernel Version ${kernel})`];
  return ['red', ` Not Supported (Kernel Version ${kernel}): ${missing}`];
}

function enforcement(capabilities: readonly Capability[], lsms: string): Parameters<Paint> {
  const missing = missingOf(capabilities, REFUSING);
  const list = lsms === '' ? 'none' : lsms;
  if (missing !== '') return ['red', ` None (Supported LSMs: ${list}): ${missing}`];
  // The guard refuses what raises an event; the rest would need programs of LSMs.
  return ['yellow', ` Partial (Supported LSMs: ${list}): by the guard, exec, open and IP sockets`];
}

function missingOf(capabilities: readonly Capability[], needed: readonly string[]): string {
  const missing = capabilities.filter(({ name, available }) => needed.includes(name) && !available);
  return missing.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
}
