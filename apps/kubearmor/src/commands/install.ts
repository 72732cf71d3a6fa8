import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AgentError } from '../errors.js';
import { carryOut } from '../install/carry-out.js';
import { completions } from '../install/completions.js';
import { DEFAULT_PREFIX, installPlaces } from '../install/install-places.js';
import { installPlan } from '../install/install-plan.js';
import { describeStep, type Step } from '../install/step.js';
import { findOtherKubearmor } from '../neighbour/other-kubearmor.js';
import { requireRoot } from '../require-root.js';
import { isSystemdRunning, systemctl } from '../systemd/systemctl.js';

const SOURCE = fileURLToPath(new URL('../../../..', import.meta.url));
const UNIT = 'kubearmor.service';

const schema = z.object({
  prefix: z.string().startsWith('/').default(DEFAULT_PREFIX),
  root: z.string().default('/'),
  dryRun: z.boolean().default(false),
  start: z.boolean().default(true),
});

/** `kubearmor install`. */
export async function run(given: unknown): Promise<number> {
  const { prefix, root, dryRun, start } = schema.parse(given);
  if (!dryRun) requireRoot('install');
  const isHere = root === '/';
  if (isHere) refuseOther();
  const steps = installPlan({ source: SOURCE, prefix, root, completions: completions(SOURCE) });
  if (dryRun) return tell(steps);
  for (const step of steps) carryOut(step, root);
  process.stdout.write(`installed in ${prefix}\n`);
  if (isHere && start) startUnit(prefix);
  return Promise.resolve(0);
}

function refuseOther(): void {
  const found = findOtherKubearmor();
  if (found.length === 0) return;
  throw new AgentError(
    'INSTALL_CONFLICT',
    `expected a machine without another KubeArmor, found ${found.join(', ')}: uninstall it first, with its own means`,
  );
}

function tell(steps: readonly Step[]): number {
  process.stdout.write(steps.map((step) => `${describeStep(step)}\n`).join(''));
  return 0;
}

function startUnit(prefix: string): void {
  if (!isSystemdRunning()) {
    const [link] = installPlaces(prefix).links;
    process.stdout.write(`systemd does not run here: start the agent with ${link?.path ?? ''} agent\n`);
    return;
  }
  systemctl('daemon-reload');
  systemctl('enable', UNIT);
  systemctl('restart', UNIT);
  process.stdout.write(`started ${UNIT}; karmor status says what is in force\n`);
}
