import { probeCapabilities } from '@kubearmor/kernel';
import { chooseEnforcer } from '../agent/choice.js';

/** `kubearmor probe`. */
export function run(options: unknown): Promise<number> {
  const capabilities = probeCapabilities();
  const choice = chooseEnforcer(capabilities);
  if (typeof options === 'object' && options !== null && 'json' in options) {
    process.stdout.write(`${JSON.stringify({ enforcer: choice, capabilities }, undefined, 2)}\n`);
    return Promise.resolve(0);
  }
  for (const { name, available, reason, consequence } of capabilities) {
    process.stdout.write(
      `${available ? 'yes' : 'no '}  ${name}: ${reason}${available ? '' : `; ${consequence}`}\n`,
    );
  }
  process.stdout.write(`enforcer: ${choice.kind} (${choice.reason})\n`);
  return Promise.resolve(choice.kind === 'none' ? 1 : 0);
}
