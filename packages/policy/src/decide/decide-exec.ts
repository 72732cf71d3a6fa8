import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import { PolicyError } from '../errors.js';
import { conclude, firstOf } from './conclude.js';
import type { Trace } from './facts.js';
import type { Decision } from './decision.js';
import { pass } from './decision.js';
import type { Facts } from './facts.js';
import { judgeProgram } from './judge-program.js';
import type { ExecLink, ExecOperation } from './operation.js';

/** Judges a whole exec: its links in the kernel's order, up to the first that is denied. */
export function decideExec(bound: BoundRuleSet, operation: ExecOperation, trace?: Trace): Decision {
  let decision = pass;
  for (const link of operation.links) {
    decision = firstOf(decision, decideOne(bound, operation, link, trace));
    if (decision.verdict === 'deny') break;
  }
  return decision;
}

/** Judges one link of an exec alone: for enforcers that see them one at a time. */
export function decideLink(bound: BoundRuleSet, operation: ExecOperation, index: number): Decision {
  const link = operation.links[index];
  if (link !== undefined) return decideOne(bound, operation, link, undefined);
  throw new PolicyError(
    'NO_SUCH_LINK',
    `exec of ${operation.requestedPath}: expected one of ${operation.links.length} links, got ${index}`,
  );
}

function decideOne(
  bound: BoundRuleSet,
  operation: ExecOperation,
  link: ExecLink,
  trace: Trace | undefined,
): Decision {
  const { subject, argv } = operation;
  const reading: Facts = {
    subject,
    isProcess: false,
    isWrite: false,
    ownerUid: link.ownerUid,
    argv: [],
    trace,
  };
  const read =
    link.anonymous === true || bound.file.isEmpty
      ? pass
      : conclude(judgeProgram(bound, bound.file, operation, link, reading), bound.unmatched.get('file'));
  if (read.verdict === 'deny' || bound.process.isEmpty) return read;
  const executing: Facts = { ...reading, isProcess: true, argv };
  const judgement = judgeProgram(bound, bound.process, operation, link, executing);
  // A loader is only opened; but what an ELF file names as its loader runs, so a Block of it holds.
  if (link.role === 'loader') return judgement.isBlocked ? conclude(judgement, undefined) : read;
  return firstOf(read, conclude(judgement, bound.unmatched.get('process')));
}
