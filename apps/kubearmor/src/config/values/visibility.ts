import { parseVisibility, USUAL, type Visibility } from '@kubearmor/monitor';
import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

/** What is watched: a list of `process`, `file`, `network` …, `none`, and `default` for what KubeArmor watches by default. */
export function visibility(): ValueKind<Visibility> {
  const schema = z.string().transform((text, context): Visibility => {
    try {
      return text === 'default' ? USUAL : parseVisibility(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not a visibility' });
      return z.NEVER;
    }
  });
  const expected =
    'none, default, or some of process, file, network, capabilities, dns, ima with commas between';
  return { placeholder: 'list', expected, schema };
}
