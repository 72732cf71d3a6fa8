import { probeCapabilities } from '@kubearmor/kernel';
import { chooseEnforcer } from '../agent/choice.js';
import { SETTINGS } from '../config/settings.js';
import { listeningPorts } from '../neighbour/listening-ports.js';
import { findOtherKubearmor } from '../neighbour/other-kubearmor.js';

/** `kubearmor probe`. */
export function run(options: unknown): Promise<number> {
  const capabilities = probeCapabilities();
  const choice = chooseEnforcer(capabilities);
  const otherKubearmor = findOtherKubearmor();
  if (typeof options === 'object' && options !== null && 'json' in options) {
    const said = { enforcer: choice, capabilities, otherKubearmor };
    process.stdout.write(`${JSON.stringify(said, undefined, 2)}\n`);
    return Promise.resolve(0);
  }
  for (const { name, available, reason, consequence } of capabilities) {
    process.stdout.write(
      `${available ? 'yes' : 'no '}  ${name}: ${reason}${available ? '' : `; ${consequence}`}\n`,
    );
  }
  process.stdout.write(`enforcer: ${choice.kind} (${choice.reason})\n`);
  process.stdout.write(
    warnings(otherKubearmor)
      .map((line) => `warning: ${line}\n`)
      .join(''),
  );
  return Promise.resolve(choice.kind === 'none' ? 1 : 0);
}

function warnings(otherKubearmor: readonly string[]): readonly string[] {
  const port = Number(SETTINGS.gRPC.default);
  return [
    ...otherKubearmor.map((each) => `another KubeArmor is on this machine: ${each}`),
    // An agent of ours has it, too, while it runs.
    ...(listeningPorts().has(port) ? [`somebody listens on port ${port}, KubeArmor's own`] : []),
  ];
}
