import { RootResolver } from '@kubearmor/enforcers/root-resolver';
import { close, open, openFlags } from '@kubearmor/kernel';
import type { VisibilityKind } from '@kubearmor/monitor';
import {
  bind,
  decide,
  type BoundRuleSet,
  type Decision,
  type RuleSet,
  type Subject,
} from '@kubearmor/policy';
import type { LogEvent } from '@kubearmor/telemetry';
import { kindOfCall, seenCall } from './seen-call.js';

const KIND_OF_MATCH: ReadonlyMap<string, VisibilityKind> = new Map([
  ['capability', 'capabilities'],
  ['domain', 'dns'],
]);

/** Judges what only the monitor sees of a workload: system calls, uses of capabilities, questions to name servers. */
export class AuditRules {
  readonly #bound: BoundRuleSet;
  readonly #names: ReadonlySet<string>;
  /** What must be watched for these rules. */
  readonly kinds: ReadonlySet<VisibilityKind>;

  private constructor(bound: BoundRuleSet) {
    const objects = bound.ruleSet.rules.map(({ object }) => object);
    this.#bound = bound;
    this.#names = new Set(objects.flatMap((object) => (object.match === 'syscall' ? object.syscalls : [])));
    const kinds = [...this.#names].flatMap((name) => kindOfCall(name) ?? []);
    this.kinds = new Set([...kinds, ...objects.flatMap(({ match }) => KIND_OF_MATCH.get(match) ?? [])]);
  }

  /** Binds rules to a workload's root. */
  static bind(ruleSet: RuleSet, root: string): AuditRules {
    const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
    const fd = open(root, O_PATH | O_CLOEXEC | O_DIRECTORY);
    try {
      return new AuditRules(bind(ruleSet, new RootResolver(fd)));
    } finally {
      if (fd >= 0) close(fd);
    }
  }

  /** What the rules say of an operation. */
  judge(log: LogEvent): Decision {
    const { call, Resource } = log;
    if (call.Operation === 'Capabilities') {
      return decide(this.#bound, { kind: 'capabilities', subject: subjectOf(log), capability: Resource });
    }
    const { name, domain } = seenCall(call);
    if (domain !== undefined) return decide(this.#bound, { kind: 'dns', subject: subjectOf(log), domain });
    if (name === undefined || !this.#names.has(name)) return { verdict: 'pass' };
    const path = call.Operation === 'File' ? { path: Resource } : {};
    return decide(this.#bound, { kind: 'syscall', subject: subjectOf(log), syscall: name, ...path });
  }
}

// Of an exec the program before it is the one that called.
function subjectOf({ process, Source }: LogEvent): Subject {
  return {
    exe: Source ?? process.ProcessName ?? '',
    parentExe: process.ParentProcessName ?? '',
    fsUid: process.UID,
    hasTty: (process.TTY ?? '') !== '',
  };
}
