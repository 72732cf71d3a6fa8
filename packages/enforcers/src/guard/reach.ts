import type { Rule } from '@kubearmor/policy';
import type { Support } from '../enforcer.js';

const ENFORCED: Support = { kind: 'enforced' };
const CHANGES =
  'unlink, rename, link, mkdir, truncate(2), chmod and chown raise no event that can be refused: they are only told';
const KERNEL_FILES = 'files of /proc, /sys and /dev/pts raise no event that can be refused';
const IP_ONLY = 'only IPv4 and IPv6 sockets can be refused; of other families nothing is seen';

/** Socket words that mean IP sockets only. */
const IP_PROTOCOLS = new Set(['tcp', 'udp', 'icmp', 'icmpv6', 'sctp']);
const KERNEL_DIRECTORIES = ['/proc/', '/sys/', '/dev/pts/'];

/** How far the guard carries a rule: what it refuses, and what it can only tell or not even see. */
export function reachOf(rule: Rule): Support {
  switch (rule.kind) {
    case 'process':
      return ENFORCED;
    case 'file':
      return reachOfFile(rule);
    case 'network':
      return reachOfNetwork(rule);
    case 'syscall':
      return audited('system calls are seen when they end: an alert tells of them, and none is refused');
    case 'capabilities':
      return audited(
        'the kernel asks no program that can be loaded here about capabilities: where it shows their use, an alert tells of it',
      );
    case 'dns':
      return audited('questions to name servers are seen when they have been sent: an alert tells of them');
    case 'device':
      return audited('USB devices are not handled by this enforcer');
    case 'preset':
      return audited('presets need LSM programs');
  }
}

function reachOfFile(rule: Rule): Support {
  const where =
    rule.object.match === 'path' ? rule.object.path : rule.object.match === 'dir' ? rule.object.dir : '';
  if (KERNEL_DIRECTORIES.some((directory) => where.startsWith(directory))) return audited(KERNEL_FILES);
  // An Allow rule is about what passes; an Audit rule alerts on such changes as it does on opens.
  if (rule.action === 'Audit') return ENFORCED;
  if (rule.action === 'Allow' && !rule.readOnly && !rule.ownerOnly) return ENFORCED;
  return { kind: 'partial', reason: CHANGES };
}

function reachOfNetwork(rule: Rule): Support {
  if (rule.object.match === 'protocol' && IP_PROTOCOLS.has(rule.object.protocol)) return ENFORCED;
  return { kind: 'partial', reason: IP_ONLY };
}

function audited(reason: string): Support {
  return { kind: 'audited', reason };
}
