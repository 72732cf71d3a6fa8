import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

const MAX_PORT = 65_535;

/** A TCP port, 0 for one that is free; undefined for `none`. */
export function port(): ValueKind<number | undefined> {
  const number = z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((given) => given <= MAX_PORT);
  return {
    placeholder: 'port|none',
    expected: `none or a port from 0 to ${MAX_PORT}`,
    schema: z.union([z.literal('none').transform(() => undefined), number]),
  };
}
