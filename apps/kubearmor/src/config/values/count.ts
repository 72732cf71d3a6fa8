import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

const MAX_COUNT = 1_000_000;

/** A whole number from 1. */
export function count(placeholder: string): ValueKind<number> {
  const schema = z
    .string()
    .regex(/^\d{1,7}$/)
    .transform(Number)
    .refine((given) => given >= 1 && given <= MAX_COUNT);
  return { placeholder, expected: `a whole number from 1 to ${MAX_COUNT}`, schema };
}
