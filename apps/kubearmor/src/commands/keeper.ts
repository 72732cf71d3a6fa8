import { setPriority } from 'node:os';
import { join } from 'node:path';
import { runKeeper } from '@kubearmor/enforcers';
import { unifiedRoot } from '@kubearmor/kernel';
import { componentLogger, createLogger } from '@kubearmor/service';
import { answererCommand } from '../agent/guard-command.js';
import { guardConfiguration } from '../config/guard-configuration.js';
import { requireRoot } from '../require-root.js';
import { useProcfs } from '../use-procfs.js';

/** It must notice in time that nobody answers, however busy the machine is. */
const PRIORITY = -10;

/** `kubearmor keeper`. */
export async function run(options: unknown): Promise<number> {
  const config = guardConfiguration(options);
  requireRoot('keeper');
  useProcfs(config.procfsMount);
  setPriority(PRIORITY);
  // What ends the agent's session must not end the guard.
  process.on('SIGHUP', () => undefined);
  await runKeeper({
    ...config,
    cgroup: unifiedRoot(),
    socket: join(config.runDir, 'guard.sock'),
    spool: join(config.runDir, 'alerts.spool'),
    stateFile: join(config.runDir, 'guard.json'),
    logFile: join(config.runDir, 'guard.log'),
    answererCommand: answererCommand(config),
    logger: componentLogger(createLogger({}), 'keeper'),
  });
  return 0;
}
