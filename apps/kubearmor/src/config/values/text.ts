import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

/** Any text. */
export function text(placeholder: string): ValueKind<string> {
  return { placeholder, expected: 'a text', schema: z.string() };
}
