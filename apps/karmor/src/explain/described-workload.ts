import { selects, type Policy, type Workload } from '@kubearmor/policy';
import { z } from 'zod';
import { KarmorError } from '../errors.js';
import { oneOf, parseFlags } from '../parse-flags.js';
import { DEFAULT_NAMESPACE } from '../policies/default-namespace.js';
import { posturesOf } from '../policies/postures-of.js';
import type { JudgedWorkload } from './judged-workload.js';

const flagsSchema = z.object({
  namespace: z.string().default(DEFAULT_NAMESPACE),
  name: z.string().default('web'),
  label: z.array(z.string().regex(/^[^=]+=/, 'expected key=value')).default([]),
  root: z.string().default('/'),
  posture: oneOf(['block', 'audit', 'allow']).default('audit'),
});

/** A workload as the flags describe it, under those of the policies that select it. Throws WORKLOAD_UNKNOWN when none does. */
export function describedWorkload(flags: unknown, policies: readonly Policy[]): JudgedWorkload {
  const { namespace, name, label, root, posture } = parseFlags(flagsSchema, flags);
  const labels = Object.fromEntries(label.map((text) => splitLabel(text)));
  const workload: Workload = { kind: 'scope', namespace, name, containerName: name, labels };
  const selected = policies.filter((policy) => selects(policy, workload));
  if (selected.length === 0) {
    const wanted = policies
      .map(({ key, selector }) => `${key} (${describeLabels(selector.matchLabels)})`)
      .join(', ');
    const shown = `${namespace}/${name} (${describeLabels(labels)})`;
    throw new KarmorError(
      'WORKLOAD_UNKNOWN',
      `${shown}: expected a workload that a policy selects, there are only ${wanted}`,
    );
  }
  return { workload, policies: selected, postures: posturesOf(posture), root, notEnforced: new Map() };
}

function splitLabel(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

function describeLabels(labels: Readonly<Record<string, string>>): string {
  const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return text.length === 0 ? 'no labels' : text.join(',');
}
