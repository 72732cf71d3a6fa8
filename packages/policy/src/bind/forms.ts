import type { Rule } from '../language/rule.js';
import type { Resolution } from './resolutions.js';

/** The forms of a path that count for a rule: an Allow must not grow by links that the workload makes. */
export function formsFor({ action }: Rule, resolution: Resolution): readonly string[] {
  return action === 'Allow' ? resolution.first : resolution.ever;
}

/** The file whose other hard links count for a rule. */
export function fileFor({ action }: Rule, resolution: Resolution): string | undefined {
  return action === 'Allow' ? resolution.firstFile : resolution.file;
}
