import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, releaseGuard, runsCommand } from '@kubearmor/enforcers';
import { Cgroup, umount2, unifiedRoot } from '@kubearmor/kernel';
import { readAgent, readOwnBpffs, removeRunFiles } from '../agent/run-files.js';
import { releaseConfiguration } from '../config/release-configuration.js';
import { scopesCgroup } from '../config/scopes-cgroup.js';
import { requireRoot } from '../require-root.js';

const AGENT_PATIENCE_MS = 3000;

/** `kubearmor release`: what runs goes on, unguarded. */
export async function run(options: unknown): Promise<number> {
  const { config, problem } = releaseConfiguration({ options, environment: process.env });
  if (problem !== undefined)
    process.stderr.write(`kubearmor: ${problem}; going on with flags and defaults\n`);
  requireRoot('release');
  await endAgent(config.runDir);
  await releaseGuard({
    ...config,
    cgroup: unifiedRoot(),
    socket: join(config.runDir, 'guard.sock'),
    stateFile: join(config.runDir, 'guard.json'),
    spool: join(config.runDir, 'alerts.spool'),
  });
  removeEmptyCgroups(join(unifiedRoot(), scopesCgroup(config.runDir)));
  unmountBpffs(config.runDir);
  for (const name of ['agent.sock', 'guard.log', 'scopes.json']) {
    rmSync(join(config.runDir, name), { force: true });
  }
  removeRunFiles(config.runDir);
  removeIfEmpty(config.runDir);
  process.stdout.write('released: nothing is enforced on this machine any more\n');
  return 0;
}

// An agent that goes on would bring the guard back.
async function endAgent(runDir: string): Promise<void> {
  const agent = readAgent(runDir);
  if (agent !== undefined && runsCommand(agent, 'agent')) await endProcess(agent, AGENT_PATIENCE_MS);
}

function removeEmptyCgroups(path: string): void {
  if (!existsSync(path)) return;
  const parent = new Cgroup(path);
  for (const child of parent.children()) if (!child.isPopulated()) child.remove();
  if (!parent.isPopulated()) parent.remove();
}

// Unmounting drops every pin in it: not while somebody else has some.
function unmountBpffs(runDir: string): void {
  const path = readOwnBpffs(runDir);
  if (path === undefined || !existsSync(path)) return;
  const pins = readdirSync(path).filter((name) => !name.endsWith('.debug'));
  if (pins.length === 0) umount2(path);
}

function removeIfEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
}
