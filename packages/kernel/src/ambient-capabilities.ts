import { capabilityNumber, type CapabilityName } from './capabilities.js';
import { check, libc } from './libc.js';

const PR_SET_KEEPCAPS = 8;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_RAISE = 2;

/** Has the calling thread keep its permitted set when it stops being root; exec ends that. */
export function keepCapabilitiesAcrossSetuid(): void {
  check(libc().prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), 'prctl', 'PR_SET_KEEPCAPS');
}

/** Lets the program that is executed next keep a capability although its user is not root. It must be permitted and inheritable. */
export function raiseAmbientCapability(name: CapabilityName): void {
  const number = capabilityNumber(name);
  check(
    libc().prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0),
    'prctl',
    `PR_CAP_AMBIENT_RAISE ${name}`,
  );
}
