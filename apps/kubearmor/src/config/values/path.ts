import { resolve } from 'node:path';
import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

/** A path; one that is not absolute starts at the working directory. An empty one stays empty. */
export function path(placeholder: string): ValueKind<string> {
  const schema = z
    .string()
    .refine((given) => !given.includes('\0'))
    .transform((given) => (given === '' ? '' : resolve(given)));
  return { placeholder, expected: 'a path', schema };
}
