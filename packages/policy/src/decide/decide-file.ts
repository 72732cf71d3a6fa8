import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import { asPath } from '../bind/directory.js';
import { conclude, firstOf } from './conclude.js';
import { Contest } from './contest.js';
import type { Trace } from './facts.js';
import type { Decision } from './decision.js';
import { pass } from './decision.js';
import type { Facts } from './facts.js';
import { contestOf, judgeObject } from './judge-object.js';
import { Judgement } from './judgement.js';
import { judgeProgram } from './judge-program.js';
import type { ExecLink, ExecOperation, FileObject, FileOperation } from './operation.js';

/** Judges an open or a call that changes names: every object in turn, up to the first that is denied. */
export function decideFile(bound: BoundRuleSet, operation: FileOperation, trace?: Trace): Decision {
  let decision = pass;
  for (const object of operation.objects) {
    decision = firstOf(decision, decideOne(bound, operation, object, trace));
    if (decision.verdict === 'deny') break;
  }
  return decision;
}

function decideOne(
  bound: BoundRuleSet,
  operation: FileOperation,
  object: FileObject,
  trace: Trace | undefined,
): Decision {
  const { subject, access } = operation;
  const { ownerUid, anonymous } = object;
  const facts: Facts = {
    subject,
    isProcess: false,
    isWrite: access.includes('write'),
    ownerUid,
    argv: [],
    trace,
  };
  let decision = pass;
  if (anonymous !== true && !bound.file.isEmpty) {
    decision = conclude(judgeObject(bound.file, object, facts), bound.unmatched.get('file'));
    if (operation.subtree === true)
      decision = firstOf(decision, decideBelow(bound, object, { ...facts, isWrite: true }));
  }
  if (operation.byLoader !== true || bound.process.isEmpty) return decision;
  const argv = operation.argv ?? [];
  const executing: Facts = { ...facts, isProcess: true, isWrite: false, argv };
  const link: ExecLink = { ...object, role: 'program' };
  const asExec: ExecOperation = { kind: 'exec', subject, requestedPath: object.path, argv, links: [link] };
  return firstOf(decision, conclude(judgeProgram(bound, bound.process, asExec, link, executing), undefined));
}

/** Judges what happens to a directory as a write to every path below it that a rule names; a posture names none. */
function decideBelow({ file }: BoundRuleSet, { path, otherNames = [] }: FileObject, facts: Facts): Decision {
  let decision = pass;
  const add = (contest: Contest): void => {
    const judgement = new Judgement();
    judgement.add(contest);
    decision = firstOf(decision, conclude(judgement, undefined));
  };
  for (const directory of [path, ...otherNames]) {
    for (const below of file.pathsBelow(directory)) add(contestOf(file, below, facts));
    for (const { pattern, beginning } of file.patternsBelow(directory)) {
      const contest = contestOf(file, beginning.endsWith('/') ? asPath(beginning) : beginning, facts);
      contest.enter(pattern.bound, pattern.rankOf(beginning.length));
      add(contest);
    }
  }
  return decision;
}
