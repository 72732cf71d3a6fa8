import { z } from 'zod';
import { ENFORCERS, type EnforcerName } from '../../agent/choice.js';
import type { ValueKind } from './value-kind.js';

const NAMES = new Set<string>(ENFORCERS);

/** The order in which enforcers are tried: some of their names with commas between. */
export function enforcers(): ValueKind<readonly EnforcerName[]> {
  const schema = z.string().transform((text, context): readonly EnforcerName[] => {
    const words = text
      .split(',')
      .map((word) => word.trim().toLowerCase())
      .filter((word) => word !== '');
    const names = [...new Set(words)].filter(isEnforcer);
    if (names.length > 0 && words.every(isEnforcer)) return names;
    context.addIssue({ code: 'custom', message: 'not a list of enforcers' });
    return z.NEVER;
  });
  // KubeArmor takes `none`: what an earlier agent put in force would go on all the same.
  const expected = `some of ${ENFORCERS.join(', ')} with commas between; to refuse nothing, set postures and policies so, or release`;
  return { placeholder: 'list', expected, schema };
}

function isEnforcer(word: string): word is EnforcerName {
  return NAMES.has(word);
}
