import type { PathRules } from '../bind/path-rules.js';
import { Contest } from './contest.js';
import type { Facts } from './facts.js';
import { Judgement } from './judgement.js';
import type { FileObject } from './operation.js';

/** Judges a file under each of its names by the rules of one kind; `requested` is a further last component. */
export function judgeObject(
  rules: PathRules,
  object: FileObject,
  facts: Facts,
  requested?: string,
): Judgement {
  const judgement = new Judgement();
  const { path, otherNames, fileId } = object;
  judgement.add(contestOf(rules, path, facts, requested));
  if (otherNames !== undefined) {
    for (const name of otherNames) judgement.add(contestOf(rules, name, facts, requested));
  }
  if (fileId !== undefined) judgeHardLinks(rules, object, fileId, facts, judgement);
  return judgement;
}

/** Judges a file by the rules about its other hard links. */
export function judgeHardLinks(
  rules: PathRules,
  { path, otherNames }: FileObject,
  fileId: string,
  facts: Facts,
  judgement: Judgement,
): void {
  const contest = new Contest(facts);
  const isJudged = (form: string): boolean => form === path || (otherNames?.includes(form) ?? false);
  rules.offerHardLinks(fileId, isJudged, contest);
  judgement.add(contest);
}

/** The contest of the rules that match a path. */
export function contestOf(rules: PathRules, path: string, facts: Facts, requested?: string): Contest {
  const contest = new Contest(facts);
  rules.offer(path, contest, requested);
  return contest;
}
