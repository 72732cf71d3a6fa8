import { decide, type Decision } from '@kubearmor/policy';
import type { GuardedWorkload } from '../guarded-workload.js';
import { CELL } from '../layout.js';
import type { GuardEvent, SocketEvent } from './ring-event.js';
import { TYPE_SLOTS } from '../sockets/socket-slots.js';

const AF_INET6 = 10;

const UNKNOWN: Decision = {
  verdict: 'deny',
  alert: {
    policyName: 'DefaultPosture',
    rule: 'builtin:former-rule-set',
    action: 'Block',
    severity: 0,
    tags: [],
    message: 'denied by a rule set of an answerer that is gone',
  },
};

/**
 * What the kernel decided of a socket by the tables of an answerer that is gone. Its numbers died with it; the rule
 * set that is in force now says the same unless it has changed in between.
 */
export function formerDecision(
  { bound, isAudited }: Pick<GuardedWorkload, 'bound' | 'isAudited'>,
  event: GuardEvent,
  socket: SocketEvent,
  exe: string,
): Decision | undefined {
  const wasDenied = (event.cell & CELL.deny) !== 0;
  const type = TYPE_SLOTS[Math.min(socket.type, TYPE_SLOTS.length - 1)];
  if (type === undefined) return wasDenied ? UNKNOWN : undefined;
  const decision = decide(bound, {
    kind: 'network',
    subject: { exe, fsUid: event.uid, hasTty: event.hasTty },
    family: socket.family === AF_INET6 ? 'inet6' : 'inet',
    type,
    protocol: socket.protocol,
  });
  if (isAudited || (decision.verdict === 'deny') === wasDenied) return decision;
  return wasDenied ? UNKNOWN : undefined;
}
