import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** Of an alert what tells whether an attempt was noticed. */
export interface NamedAlert {
  /** The scope's name. */
  readonly scope: string;
  readonly policy: string;
  readonly rule: string;
  readonly action: string;
}

const schema = z
  .object({
    ContainerName: z.string().default(''),
    PolicyName: z.string().default(''),
    Action: z.string().default(''),
    EventData: z.record(z.string(), z.string()).default({}),
  })
  .transform((alert): NamedAlert => ({
    scope: alert.ContainerName,
    policy: alert.PolicyName,
    rule: alert.EventData['Rule'] ?? '',
    action: alert.Action,
  }));

/** The alerts in a file, each kind of them once per scope: some attempts raise thousands. */
export function readNamedAlerts(path: string): ReadonlyMap<string, readonly NamedAlert[]> {
  const seen = new Map<string, NamedAlert>();
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  for (const line of lines.filter((text) => text !== '')) {
    const alert = schema.parse(JSON.parse(line));
    seen.set(`${alert.scope} ${alert.policy} ${alert.rule} ${alert.action}`, alert);
  }
  return Map.groupBy(seen.values(), ({ scope }) => scope);
}
