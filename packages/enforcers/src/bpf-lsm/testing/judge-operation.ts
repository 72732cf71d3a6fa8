import type {
  BoundRuleSet,
  Decision,
  ExecLink,
  ExecOperation,
  FileObject,
  FileOperation,
  Subject,
} from '@kubearmor/policy';
import type { ArgumentLists } from '../image/argument-lists.js';
import { RULE } from '../layout.js';
import type { MatchAnswer, MatchCase, MatchCore } from './match-core.js';

/** A rule set, and the core that has its image. */
export interface Judging {
  readonly core: MatchCore;
  readonly bound: BoundRuleSet;
  readonly lists: ArgumentLists;
}

const PASS: Decision = { verdict: 'pass' };

/** Judges an operation as the hooks do, by asking the core about its parts. */
export function judgeOperation(judging: Judging, operation: FileOperation | ExecOperation): Decision {
  return operation.kind === 'file' ? judgeFile(judging, operation) : judgeExec(judging, operation);
}

/** Whether a multi-call program is asked for, which is judged by more than its names. */
export function asksMultiCall({ programs }: BoundRuleSet, operation: FileOperation | ExecOperation): boolean {
  const files =
    operation.kind === 'file' ? (operation.byLoader === true ? operation.objects : []) : operation.links;
  return files.some(
    ({ path, fileId }) =>
      programs.byTarget.has(path) || (fileId !== undefined && programs.byFile.has(fileId)),
  );
}

function judgeFile(judging: Judging, operation: FileOperation): Decision {
  const { subject, access, objects, subtree, byLoader, argv } = operation;
  let decision = PASS;
  for (const object of objects) {
    if (object.anonymous !== true) {
      const mask = access.includes('write') ? 1n : 0n;
      const asked = caseOf('file', subject, object, mask);
      decision = firstOf(decision, ask(judging, { ...asked, isSubtree: subtree === true }));
    }
    if (byLoader === true && decision.verdict === 'pass') {
      const asked = caseOf('process', subject, object, listed(judging, argv ?? []));
      const requested = object.path;
      decision = firstOf(
        decision,
        ask(judging, { ...asked, ...parentOf(subject), requested, hasNoPosture: true }),
      );
    }
    if (decision.verdict === 'deny') break;
  }
  return decision;
}

function judgeExec(judging: Judging, operation: ExecOperation): Decision {
  let decision = PASS;
  for (const link of operation.links) {
    decision = firstOf(decision, judgeLink(judging, operation, link));
    if (decision.verdict === 'deny') break;
  }
  return decision;
}

function judgeLink(judging: Judging, operation: ExecOperation, link: ExecLink): Decision {
  const { subject, argv, links } = operation;
  const requested = link.requestedPath ?? (link === links[0] ? operation.requestedPath : undefined);
  const read = link.anonymous === true ? PASS : ask(judging, caseOf('file', subject, link, 0n));
  if (read.verdict === 'deny') return read;
  const executing = {
    ...caseOf('process', subject, link, listed(judging, argv)),
    ...parentOf(subject),
    ...(requested !== undefined && { requested }),
    hasNoPosture: link.role === 'loader',
  };
  const executed = ask(judging, executing);
  if (link.role !== 'loader') return firstOf(read, executed);
  const isBlocked = executed.verdict === 'deny' && executed.alert?.policyName !== 'DefaultPosture';
  return isBlocked ? executed : read;
}

function caseOf(kind: 'file' | 'process', subject: Subject, object: FileObject, mask: bigint): MatchCase {
  return {
    kind,
    names: [object.path, ...(object.otherNames ?? [])].map((path) => ({ path })),
    ...(object.fileId !== undefined && { fileId: object.fileId }),
    exe: subject.exe,
    mask,
    isOwner: object.ownerUid === subject.fsUid,
    hasTty: subject.hasTty,
  };
}

function parentOf({ parentExe }: Subject): { readonly parentExe?: string } {
  return parentExe === undefined ? {} : { parentExe };
}

/** The lists that have all arguments. */
function listed({ lists }: Judging, argv: readonly string[]): bigint {
  return lists.lists.reduce((mask, list, place) => {
    const isListed = argv.length > 1 && argv.slice(1).every((argument) => list.includes(argument));
    return isListed ? mask | (1n << BigInt(place)) : mask;
  }, 0n);
}

function ask({ core, bound }: Judging, asked: MatchCase): Decision {
  if (bound[asked.kind].isEmpty) return PASS;
  const answer = core.ask(asked);
  if (answer.isBroken)
    throw new TypeError(`the core could not say anything about ${JSON.stringify(asked.names)}`);
  return decisionOf(bound, asked.kind, answer);
}

function decisionOf(
  bound: BoundRuleSet,
  kind: 'file' | 'process',
  { isDenied, rule }: MatchAnswer,
): Decision {
  if (rule === RULE.none) return { verdict: isDenied ? 'deny' : 'pass' };
  const decision = rule === RULE.posture ? bound.unmatched.get(kind) : bound.rules[rule]?.decision;
  return decision === undefined ? { verdict: 'deny' } : { ...decision, verdict: isDenied ? 'deny' : 'pass' };
}

function firstOf(earlier: Decision, later: Decision): Decision {
  if (earlier.verdict === 'deny') return earlier;
  return later.verdict === 'deny' || earlier.alert === undefined ? later : earlier;
}
