import { z } from 'zod';
import { KarmorError } from './errors.js';

/** Checks a command's flags. Throws USAGE_INVALID, which names the flag, what was expected and what came. */
export function parseFlags<T>(schema: z.ZodType<T>, flags: unknown): T {
  const parsed = schema.safeParse(flags, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.join('.') ?? '';
  throw new KarmorError(
    'USAGE_INVALID',
    `--${dashed(name)}: ${issue?.message ?? 'invalid'}, got ${String(issue?.input)}`,
    { cause: parsed.error },
  );
}

/** The flags that keep KubeArmor's spelling; all others are written with dashes. */
const KUBEARMOR_FLAGS = /^(gRPC|tlsCert|readCA|msgPath|logPath|logFilter|logType)/;

function dashed(name: string): string {
  return KUBEARMOR_FLAGS.test(name) ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A word out of some, as a flag takes it. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodType<Words[number]> {
  return z.enum(words, { error: `expected ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}` });
}
