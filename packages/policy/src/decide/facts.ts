import type { BoundRule } from '../bind/bound-rule.js';
import type { Subject } from './operation.js';

/** Told of every rule that matched, for explanations. */
export type Trace = (bound: BoundRule, rank: number, isSatisfied: boolean) => void;

/** What modifiers and sources of rules are judged by. */
export interface Facts {
  readonly subject: Subject;
  /** For a process rule, the subject's parent is a source too. */
  readonly isProcess: boolean;
  readonly isWrite: boolean;
  readonly ownerUid: number;
  readonly argv: readonly string[];
  /** Told of every rule that matches. */
  readonly trace: Trace | undefined;
}

/** Facts of an operation to which neither owner, access nor arguments apply. */
export function plainFacts(subject: Subject, trace: Trace | undefined): Facts {
  return { subject, isProcess: false, isWrite: false, ownerUid: subject.fsUid, argv: [], trace };
}

/** Whether every modifier of a rule is satisfied. */
export function satisfies({ rule, allowedArgs }: BoundRule, facts: Facts): boolean {
  if (rule.ownerOnly && facts.ownerUid !== facts.subject.fsUid) return false;
  if (rule.readOnly && facts.isWrite) return false;
  if (rule.pts === false && facts.subject.hasTty) return false;
  return allowedArgs === undefined || areListed(facts.argv, allowedArgs);
}

function areListed(argv: readonly string[], allowed: ReadonlySet<string>): boolean {
  return argv.length > 1 && argv.every((argument, index) => index === 0 || allowed.has(argument));
}
