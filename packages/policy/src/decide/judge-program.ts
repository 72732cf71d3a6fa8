import { appletOf, isOwnName } from '../bind/applet.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import type { MultiCallProgram } from '../bind/multi-call.js';
import { lastComponent } from '../bind/multi-call.js';
import type { PathRules } from '../bind/path-rules.js';
import { Contest } from './contest.js';
import type { Facts } from './facts.js';
import { judgeHardLinks, judgeObject, contestOf } from './judge-object.js';
import type { Judgement } from './judgement.js';
import type { ExecLink, ExecOperation } from './operation.js';

/** Judges one link of an exec by the rules of one kind. */
export function judgeProgram(
  bound: BoundRuleSet,
  rules: PathRules,
  operation: ExecOperation,
  link: ExecLink,
  facts: Facts,
): Judgement {
  const isFirst = link === operation.links[0];
  const program = bound.programs.byTarget.get(link.path);
  if (program === undefined) {
    return judgeObject(rules, link, facts, isFirst ? lastComponent(operation.requestedPath) : undefined);
  }
  const judgement = judgeMultiCall();
  return judgement;
}
