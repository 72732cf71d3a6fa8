import {
  capabilityMask,
  clearAmbientCapabilities,
  getCapabilities,
  keepCapabilitiesAcrossSetuid,
  limitBoundingSet,
  raiseAmbientCapability,
  setCapabilities,
} from '@kubearmor/kernel/launch';
import { WorkloadsError } from '../errors.js';
import type { ScopeSpec } from './scope-spec.js';

/**
 * Leaves the calling thread the user and the capabilities of the workload. Another user than root has no capabilities
 * but those asked for by name, which it keeps through exec as ambient ones.
 */
export function dropPrivileges(spec: Pick<ScopeSpec, 'user' | 'capabilities'>): void {
  const { granted, asked } = spec.capabilities;
  const own = getCapabilities().permitted;
  const missing = asked.filter((name) => (capabilityMask([name]) & own) === 0n);
  if (missing.length > 0) {
    const message = `capabilities: expected to hold ${missing.join(', ')} to pass on, this machine's root does not`;
    throw new WorkloadsError('SCOPE_SETUP_FAILED', message);
  }
  clearAmbientCapabilities();
  limitBoundingSet(capabilityMask(granted));
  if (spec.user !== null) changeUser(spec.user.uid, spec.user.gid);
  const isRoot = process.geteuid?.() === 0;
  const kept = capabilityMask(isRoot ? granted : asked) & own;
  // Inheritable capabilities of root would reach any file that has some of its own.
  setCapabilities({ effective: kept, permitted: kept, inheritable: isRoot ? 0n : kept });
  if (!isRoot) asked.forEach(raiseAmbientCapability);
}

function changeUser(uid: number, gid: number): void {
  keepCapabilitiesAcrossSetuid();
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
