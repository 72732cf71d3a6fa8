import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { releaseGuard } from '@kubearmor/enforcers';
import { Cgroup, unifiedRoot } from '@kubearmor/kernel';
import { requireRoot } from '../require-root.js';
import { resolveGuardConfig, scopesCgroup } from '../settings.js';

/** `kubearmor release`: what runs goes on, unguarded. */
export async function run(options: unknown): Promise<number> {
  const config = resolveGuardConfig(options);
  requireRoot('release');
  await releaseGuard({
    ...config,
    cgroup: unifiedRoot(),
    socket: join(config.runDir, 'guard.sock'),
    stateFile: join(config.runDir, 'guard.json'),
  });
  removeEmptyCgroups(join(unifiedRoot(), scopesCgroup(config.runDir)));
  for (const name of ['guard.sock', 'guard.json', 'alerts.spool', 'scopes.json']) {
    rmSync(join(config.runDir, name), { force: true });
  }
  process.stdout.write('released: nothing is enforced on this machine any more\n');
  return 0;
}

function removeEmptyCgroups(path: string): void {
  if (!existsSync(path)) return;
  const parent = new Cgroup(path);
  for (const child of parent.children()) if (!child.isPopulated()) child.remove();
  if (!parent.isPopulated()) parent.remove();
}
