import type { BoundRule } from '../bind/bound-rule.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import { rankOf } from '../bind/rank.js';
import type { RuleObject } from '../language/rule.js';
import { canonicalCapability } from '../vocabulary/capabilities.js';
import { conclude } from './conclude.js';
import { Contest } from './contest.js';
import type { Trace } from './facts.js';
import type { Decision } from './decision.js';
import { specificityOf } from './device-match.js';
import { canonicalName, matchedLength } from './domain-match.js';
import { plainFacts } from './facts.js';
import { Judgement } from './judgement.js';
import type {
  CapabilityOperation,
  DeviceOperation,
  DnsOperation,
  NetworkOperation,
  PresetOperation,
  Subject,
  SyscallOperation,
} from './operation.js';
import { exactnessOf } from './socket-kinds.js';

/** How exactly a rule's object matches; nothing if it does not. */
type Detail = (object: RuleObject) => number | undefined;

/** Judges one use of a socket. AF_UNIX and AF_NETLINK are beyond the posture: an allow list must not cut off syslog. */
export function decideNetwork(bound: BoundRuleSet, operation: NetworkOperation, trace?: Trace): Decision {
  const judgement = judge(bound.network, operation.subject, trace, (object) =>
    object.match === 'protocol' ? exactnessOf(object.protocol, operation) : undefined,
  );
  const isLocal = operation.family === 'unix' || operation.family === 'netlink';
  return conclude(judgement, isLocal ? undefined : bound.unmatched.get('network'));
}

/** Judges one look-up of a name. */
export function decideDns(bound: BoundRuleSet, { subject, domain }: DnsOperation, trace?: Trace): Decision {
  const name = canonicalName(domain);
  const judgement = judge(bound.dns, subject, trace, (object) =>
    object.match === 'domain' ? matchedLength(object, name) : undefined,
  );
  return conclude(judgement, bound.unmatched.get('dns'));
}

/** Judges one use of a capability. */
export function decideCapability(
  bound: BoundRuleSet,
  operation: CapabilityOperation,
  trace?: Trace,
): Decision {
  const name = canonicalCapability(operation.capability);
  const judgement = judge(bound.capabilities, operation.subject, trace, (object) =>
    object.match === 'capability' && object.capability === name ? 0 : undefined,
  );
  const decision = conclude(judgement, bound.unmatched.get('capabilities'));
  return operation.quiet === true ? { verdict: decision.verdict } : decision;
}

/** Judges a USB device that was plugged in. No task asks for it, so that no source matches unless a subject is given. */
export function decideDevice(bound: BoundRuleSet, operation: DeviceOperation, trace?: Trace): Decision {
  const judgement = judge(bound.device, operation.subject ?? nobody, trace, (object) =>
    object.match === 'device' ? specificityOf(object, operation) : undefined,
  );
  return conclude(judgement, bound.unmatched.get('device'));
}

const nobody: Subject = { exe: '', fsUid: 0, hasTty: false };

/** Judges what a preset is about. */
export function decidePreset(
  bound: BoundRuleSet,
  { subject, preset }: PresetOperation,
  trace?: Trace,
): Decision {
  const judgement = judge(bound.presets, subject, trace, (object) =>
    object.match === 'preset' && object.preset === preset ? 0 : undefined,
  );
  return conclude(judgement, undefined);
}

/** Judges a system call, which is audited at most. */
export function decideSyscall(bound: BoundRuleSet, operation: SyscallOperation, trace?: Trace): Decision {
  const facts = plainFacts(operation.subject, trace);
  const contest = new Contest(facts);
  for (const rule of bound.syscalls) {
    const rank = rule.rank(operation.syscall, operation.path);
    if (rank !== undefined) contest.enter(rule.bound, rank);
  }
  return concludeContest(contest);
}

function concludeContest(contest: Contest): Decision {
  const judgement = new Judgement();
  judgement.add(contest);
  return conclude(judgement, undefined);
}

function judge(
  rules: readonly BoundRule[],
  subject: Subject,
  trace: Trace | undefined,
  detailOf: Detail,
): Judgement {
  const facts = plainFacts(subject, trace);
  const contest = new Contest(facts);
  for (const bound of rules) {
    const detail = detailOf(bound.rule.object);
    if (detail !== undefined) contest.enter(bound, rankOf(bound.sources !== undefined, 0, detail));
  }
  const judgement = new Judgement();
  judgement.add(contest);
  return judgement;
}
