import { rmSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_PREFIX } from '../install/install-places.js';
import { uninstallPlan } from '../install/uninstall-plan.js';
import { requireRoot } from '../require-root.js';
import { isSystemdRunning, systemctl } from '../systemd/systemctl.js';
import { run as release } from './release.js';

const schema = z.object({
  prefix: z.string().startsWith('/').default(DEFAULT_PREFIX),
  root: z.string().default('/'),
  dryRun: z.boolean().default(false),
  purge: z.boolean().default(false),
});

/** `kubearmor uninstall`. */
export async function run(given: unknown): Promise<number> {
  const { prefix, root, dryRun, purge } = schema.parse(given);
  if (!dryRun) requireRoot('uninstall');
  const paths = uninstallPlan({ prefix, root, isPurged: purge });
  if (dryRun) {
    process.stdout.write(paths.map((path) => `remove ${path}\n`).join(''));
    return 0;
  }
  const isHere = root === '/';
  if (isHere && isSystemdRunning()) systemctl('disable', '--now', 'kubearmor.service');
  // Before the program goes that ends it.
  if (isHere) await release({});
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  if (isHere && isSystemdRunning()) systemctl('daemon-reload');
  process.stdout.write(`removed ${prefix}${purge ? '' : '; /etc/kubearmor and /var/lib/kubearmor stay'}\n`);
  return 0;
}
