import { returnFreedMemory } from '@kubearmor/kernel';
import { createLogger, componentLogger } from '@kubearmor/service';
import { Agent } from '../agent/agent.js';
import { requireRoot } from '../require-root.js';
import { resolveAgentConfig } from '../settings.js';
import { untilSignal } from '../until-signal.js';

/** `kubearmor agent`. */
export async function run(options: unknown): Promise<number> {
  const config = resolveAgentConfig(options);
  requireRoot('agent');
  returnFreedMemory();
  const agent = new Agent(config, componentLogger(createLogger({}), 'agent'));
  await agent.start();
  await untilSignal(['SIGTERM', 'SIGINT']);
  await agent.stop();
  return 0;
}
