import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

/** One of a few words. */
export function choice<const T extends string>(...words: readonly [T, ...T[]]): ValueKind<T> {
  const [last, ...others] = [...words].reverse();
  const schema = z.string().transform((text, context) => {
    const found = words.find((word) => word === text.toLowerCase());
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: 'not one of the words' });
    return z.NEVER;
  });
  const listed = others.length === 0 ? '' : `${others.reverse().join(', ')} or `;
  return { placeholder: words.join('|'), expected: `${listed}${last ?? ''}`, schema };
}
