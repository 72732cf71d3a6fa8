import { appletOf, isOwnName } from '../bind/applet.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import type { MultiCallProgram, MultiCallPrograms } from '../bind/multi-call.js';
import { lastComponent } from '../bind/multi-call.js';
import type { PathRules } from '../bind/path-rules.js';
import { Contest } from './contest.js';
import type { Facts } from './facts.js';
import { contestOf, judgeObject } from './judge-object.js';
import { Judgement } from './judgement.js';
import type { ExecLink, ExecOperation } from './operation.js';

/** Judges one link of an exec by the rules of one kind. */
export function judgeProgram(
  { programs }: BoundRuleSet,
  rules: PathRules,
  operation: ExecOperation,
  link: ExecLink,
  facts: Facts,
): Judgement {
  const isFirst = link === operation.links[0];
  const requested = link.requestedPath ?? (isFirst ? operation.requestedPath : undefined);
  const program = multiCallProgram(programs, link);
  if (program === undefined) {
    return judgeObject(rules, link, facts, requested === undefined ? undefined : lastComponent(requested));
  }
  const names = [requested, ...(link.otherNames ?? [])].filter((name) => name !== undefined);
  // The kernel gives an interpreter its own name, as the script has it, for argv[0].
  const applet = appletOf(isFirst ? operation.argv : [...names, link.path].slice(0, 1), program);
  return judgeMultiCall(
    rules,
    { program, path: link.path, names, applet, directories: programs.directories },
    facts,
  );
}

function multiCallProgram(
  { byTarget, byFile }: MultiCallPrograms,
  { path, fileId }: ExecLink,
): MultiCallProgram | undefined {
  return byTarget.get(path) ?? (fileId === undefined ? undefined : byFile.get(fileId));
}

interface MultiCall {
  readonly program: MultiCallProgram;
  readonly path: string;
  /** As it was requested. */
  readonly names: readonly string[];
  readonly applet: string;
  readonly directories: readonly string[];
}

/**
 * The program is judged as itself, as it was requested, and as its applet. What is allowed as requested counts only if
 * that is what runs; an applet alone is never allowed, only denied.
 */
function judgeMultiCall(
  rules: PathRules,
  { program, path, names, applet, directories }: MultiCall,
  facts: Facts,
): Judgement {
  const judgement = new Judgement();
  const own = lastComponent(path);
  const isItself = own === applet || (program.targets.has(path) && isOwnName(own, program));
  judgement.add(contestOf(rules, path, facts), isItself);
  const judged = new Set([path]);
  for (const name of names) {
    if (!judged.has(name)) judgement.add(contestOf(rules, name, facts), lastComponent(name) === applet);
    judged.add(name);
  }
  for (const name of program.names.get(applet) ?? []) {
    if (!judged.has(name)) judgement.add(contestOf(rules, name, facts), false);
    judged.add(name);
  }
  for (const directory of directories) {
    const contest = new Contest(facts);
    rules.offerExact(`${directory}/${applet}`, contest);
    rules.offerNamed(applet, contest);
    judgement.add(contest, false);
  }
  return judgement;
}
