import { setPriority } from 'node:os';
import { returnFreedMemory } from '@kubearmor/kernel';
import { componentLogger, createLogger } from '@kubearmor/service';
import { Agent } from '../agent/agent.js';
import { LogRelay } from '../agent/log-relay.js';
import { ConfigurationWatch } from '../config/configuration-watch.js';
import { readConfiguration } from '../config/configuration.js';
import { requireRoot } from '../require-root.js';
import { ServiceNotifier } from '../systemd/service-notifier.js';
import { untilSignal } from '../until-signal.js';
import { useProcfs } from '../use-procfs.js';

/** Alerts come soon also where workloads keep the machine busy; behind the guard, for whose answers they wait. */
const PRIORITY = -9;

/** `kubearmor agent`. */
export async function run(options: unknown): Promise<number> {
  const notifier = new ServiceNotifier(process.env);
  const sources = { options, environment: process.env };
  const configuration = readConfiguration(sources);
  requireRoot('agent');
  useProcfs(configuration.config.procfsMount);
  setPriority(PRIORITY);
  returnFreedMemory();
  const relay = new LogRelay();
  const logger = componentLogger(createLogger({ observer: relay }), 'agent');
  const { file, config, warnings } = configuration;
  logger.info({ file }, 'configuration read');
  for (const warning of warnings) logger.warn({ warning }, 'configuration');
  const watch = new ConfigurationWatch(
    {
      sources,
      onChange: (changed, names) => {
        logger.info({ settings: names }, 'configuration changed');
        agent.reconfigure(changed);
      },
      onState: ({ problem, awaitRestart }) => {
        if (problem !== undefined)
          logger.error({ problem }, 'configuration not changed: the last good one holds');
        if (awaitRestart.length > 0)
          logger.warn({ settings: awaitRestart }, 'configuration changed: these wait for a restart');
      },
    },
    configuration,
  );
  const agent = new Agent(config, { logger, relay, configuration: () => watch.state });
  await agent.start();
  watch.start();
  // Whoever has changed something and does not want to wait: systemctl reload.
  process.on('SIGHUP', () => {
    watch.check();
  });
  notifier.ready(`enforcing by ${(await agent.status()).enforcer.kind}`);
  await untilSignal(['SIGTERM', 'SIGINT']);
  notifier.stopping();
  watch.stop();
  await agent.stop();
  return 0;
}
