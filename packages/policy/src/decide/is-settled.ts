import type { BoundRule } from '../bind/bound-rule.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import type { Entrants } from '../bind/entrants.js';
import type { PathRules } from '../bind/path-rules.js';
import type { FileObject } from './operation.js';

/**
 * Whether no open of a file, by whomever and for whatever, is ever denied or alerted, so that an enforcer may stop
 * looking at it until its rule set changes. Errs on the side of no.
 */
export function isSettled({ file, process, unmatched }: BoundRuleSet, object: FileObject): boolean {
  const executing = survey(process, object);
  if (executing.isOpen) return false;
  if (object.anonymous === true) return true;
  const reading = survey(file, object);
  return !reading.isOpen && (reading.isAllowed || !unmatched.has('file'));
}

function survey(rules: PathRules, { path, otherNames = [], fileId }: FileObject): Survey {
  const found = new Survey();
  for (const name of [path, ...otherNames]) rules.offer(name, found);
  if (fileId !== undefined) rules.offerHardLinks(fileId, () => false, found);
  return found;
}

/** What rules match for some subject or other. */
class Survey implements Entrants {
  /** Something may deny or alert. */
  isOpen = false;
  /** Something lets everybody pass. */
  isAllowed = false;

  enter({ rule, hasModifiers, sources }: BoundRule): void {
    if (rule.action !== 'Allow' || hasModifiers) this.isOpen = true;
    else if (sources === undefined) this.isAllowed = true;
  }
}
