import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  '1': true,
  false: false,
  f: false,
  '0': false,
};

/** `true` or `false`, and the short forms that Go's flags know. */
export function onOff(): ValueKind<boolean> {
  const schema = z.string().transform((text, context) => {
    const found = WORDS[text.toLowerCase()];
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: 'not a truth value' });
    return z.NEVER;
  });
  return { placeholder: 'true|false', expected: 'true or false', schema };
}
