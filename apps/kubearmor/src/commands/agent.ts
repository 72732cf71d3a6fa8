import { setPriority } from 'node:os';
import { returnFreedMemory } from '@kubearmor/kernel';
import { createLogger, componentLogger } from '@kubearmor/service';
import { Agent } from '../agent/agent.js';
import { requireRoot } from '../require-root.js';
import { resolveAgentConfig } from '../settings.js';
import { untilSignal } from '../until-signal.js';

/** Alerts come soon also where workloads keep the machine busy; behind the guard, for whose answers they wait. */
const PRIORITY = -5;

/** `kubearmor agent`. */
export async function run(options: unknown): Promise<number> {
  const config = resolveAgentConfig(options);
  requireRoot('agent');
  setPriority(PRIORITY);
  returnFreedMemory();
  const agent = new Agent(config, componentLogger(createLogger({}), 'agent'));
  await agent.start();
  await untilSignal(['SIGTERM', 'SIGINT']);
  await agent.stop();
  return 0;
}
