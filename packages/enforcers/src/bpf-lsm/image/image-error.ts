import { EnforcerError } from '../../errors.js';

/** A rule set that the kernel's tables cannot hold, with the rule that is too much. */
export function tooLarge(what: string, rule: string | undefined): EnforcerError {
  const about = rule === undefined ? '' : ` (${rule})`;
  return new EnforcerError('RULE_SET_TOO_LARGE', `rule set${about}: ${what}`);
}
