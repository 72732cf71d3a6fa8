import { readFileSync } from 'node:fs';

/** The security modules that are in force, as the kernel lists them. */
export function securityModules(): readonly string[] {
  return readFileSync('/sys/kernel/security/lsm', 'utf8').trim().split(',');
}
