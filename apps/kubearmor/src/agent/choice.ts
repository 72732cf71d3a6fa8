import type { Capability } from '@kubearmor/kernel';

/** What can make the kernel refuse, by the names that `lsm` has for them, in the order in which they are tried by default. */
export const ENFORCERS = ['bpf', 'apparmor', 'selinux', 'guard'] as const;

/** The name of an enforcer in `lsm`. */
export type EnforcerName = (typeof ENFORCERS)[number];

/** An enforcer that was thought of. */
export interface Considered {
  readonly enforcer: EnforcerName;
  readonly isTaken: boolean;
  /** Why it is taken, or not. */
  readonly reason: string;
}

/** Which enforcer runs here, and why. */
export interface Choice {
  readonly kind: 'Guard' | 'none';
  readonly reason: string;
  /** Each one, in the order in which it was its turn. */
  readonly considered: readonly Considered[];
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

const WORKS = 'permission events and cgroup programs work here';

/** Chooses the enforcer for this machine: the first of the list that can be had, else, as KubeArmor does, of the others. */
export function chooseEnforcer(
  capabilities: readonly Capability[],
  order: readonly EnforcerName[] = ENFORCERS,
): Choice {
  const names = [...order, ...ENFORCERS.filter((name) => !order.includes(name))];
  const tried = names.map((enforcer) => ({ enforcer, obstacle: obstacleTo(enforcer, capabilities) }));
  const taken = tried.find(({ obstacle }) => obstacle === undefined)?.enforcer;
  const considered = tried.map(({ enforcer, obstacle }) => ({
    enforcer,
    isTaken: enforcer === taken,
    reason: obstacle ?? (enforcer === taken ? WORKS : `comes after ${String(taken)}`),
  }));
  if (taken === undefined) return { kind: 'none', reason: listOf(considered), considered };
  const unnamed = order.includes(taken)
    ? ''
    : `; lsm does not name ${taken}, but nothing that it names can be had`;
  return { kind: 'Guard', reason: `${WORKS}${unnamed}`, considered };
}

/** Why an enforcer cannot be had; undefined where it can. */
function obstacleTo(enforcer: EnforcerName, capabilities: readonly Capability[]): string | undefined {
  if (enforcer !== 'guard') return 'not part of this version';
  const missing = capabilities.filter((each) => NEEDED.includes(each.name) && !each.available);
  if (missing.length === 0) return undefined;
  const list = missing.map((each) => `${each.name} (${each.reason})`).join(', ');
  return `expected all of ${NEEDED.join(', ')}, missing ${list}`;
}

function listOf(considered: readonly Considered[]): string {
  return considered.map(({ enforcer, reason }) => `${enforcer}: ${reason}`).join('; ');
}

/** One line for the start: which enforcer, what is not possible, and why. */
export function startLine(choice: Choice, capabilities: readonly Capability[], version: string): string {
  const missing = capabilities
    .filter((each) => !each.available)
    .map((each) => `${each.name}: ${each.reason} (${each.consequence})`);
  const without = missing.length === 0 ? 'nothing is missing' : `not possible here: ${missing.join('; ')}`;
  const others = listOf(choice.considered.filter(({ isTaken }) => !isTaken));
  const not = choice.kind === 'none' || others === '' ? '' : `; not ${others}`;
  return `kubearmor ${version}: enforcer ${choice.kind} (${choice.reason}${not}); ${without}`;
}
