import { createHash } from 'node:crypto';
import { GUARD_SETTINGS } from './sections/guard-settings.js';

/** The name of the cgroup that holds all scopes: one for each run directory, so that two agents never share a scope's. */
export function scopesCgroup(runDir: string): string {
  if (runDir === GUARD_SETTINGS.runDir.default) return 'kubearmor';
  return `kubearmor-${createHash('sha256').update(runDir).digest('hex').slice(0, 8)}`;
}
