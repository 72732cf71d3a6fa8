import type { Capability } from '@kubearmor/kernel';

/** Which enforcer runs here, and why. */
export interface Choice {
  readonly kind: 'Guard' | 'none';
  readonly reason: string;
}

/** What the guard cannot do without. */
const NEEDED: readonly string[] = [
  'root',
  'btf',
  'libbpf',
  'bpffs',
  'ring-buffer',
  'raw-tracepoint',
  'cgroup-bpf',
  'fanotify-permission',
  'proc-syscall',
];

/** Chooses the enforcer for this machine. */
export function chooseEnforcer(capabilities: readonly Capability[]): Choice {
  const missing = capabilities.filter((each) => NEEDED.includes(each.name) && !each.available);
  if (missing.length === 0) {
    return {
      kind: 'Guard',
      reason: 'permission events and cgroup programs work here; BPF-LSM is not part of this version',
    };
  }
  const list = missing.map((each) => `${each.name} (${each.reason})`).join(', ');
  return { kind: 'none', reason: `guard: expected all of ${NEEDED.join(', ')}, missing ${list}` };
}

/** One line for the start: which enforcer, what is not possible, and why. */
export function startLine(choice: Choice, capabilities: readonly Capability[], version: string): string {
  const missing = capabilities
    .filter((each) => !each.available)
    .map((each) => `${each.name}: ${each.reason} (${each.consequence})`);
  const without = missing.length === 0 ? 'nothing is missing' : `not possible here: ${missing.join('; ')}`;
  return `kubearmor ${version}: enforcer ${choice.kind} (${choice.reason}); ${without}`;
}
