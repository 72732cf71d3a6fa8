import { describeLockout, lockout, type Postures } from '@kubearmor/policy';
import type { PolicyRefusal } from './policy-files.js';

/** Refuses host policies that would lock the machine out (semantics §6), by the postures of this moment. */
export function lockoutRefusal(postures: () => Postures): PolicyRefusal {
  return (policy) => describeLockout(policy, lockout(policy, { postures: postures() }));
}
