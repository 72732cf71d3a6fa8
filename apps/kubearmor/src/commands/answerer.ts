import { setPriority } from 'node:os';
import { join } from 'node:path';
import { guardPins, runAnswerer } from '@kubearmor/enforcers';
import { componentLogger, createLogger } from '@kubearmor/service';
import { processChannel } from '../process-channel.js';
import { guardConfiguration } from '../config/guard-configuration.js';
import { requireRoot } from '../require-root.js';
import { useProcfs } from '../use-procfs.js';

/** Workloads wait for its answers: what they do meanwhile must not keep it from giving them. */
const PRIORITY = -10;

/** `kubearmor answerer`. */
export async function run(options: unknown): Promise<number> {
  const config = guardConfiguration(options);
  requireRoot('answerer');
  useProcfs(config.procfsMount);
  setPriority(PRIORITY);
  process.on('SIGHUP', () => undefined);
  const logger = componentLogger(createLogger({}), 'answerer');
  await runAnswerer({
    pins: guardPins(config.pins),
    onError: config.onError,
    spool: join(config.runDir, 'alerts.spool'),
    channel: processChannel(),
    complain: (message) => {
      logger.error({ fault: message }, 'answerer fault');
    },
  });
  return 0;
}
