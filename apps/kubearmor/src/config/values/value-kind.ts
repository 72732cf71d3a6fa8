import type { z } from 'zod';

/** What a setting can be given, as text, and what becomes of it. */
export interface ValueKind<T> {
  /** Stands for the value in a usage line. */
  readonly placeholder: string;
  /** The values that are taken, in words that follow "expected". */
  readonly expected: string;
  readonly schema: z.ZodType<T, string>;
}
