import { fileURLToPath } from 'node:url';
import type { AgentConfig } from './agent-config.js';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
/** As in bin/kubearmor. */
const NODE_FLAGS = ['--max-semi-space-size=2'];

/** How to start a keeper for an agent of this configuration. */
export function guardCommand(config: AgentConfig): readonly [string, ...string[]] {
  return [process.execPath, ...NODE_FLAGS, MAIN, 'keeper', ...guardFlags(config)];
}

/** How to start an answerer for a keeper. */
export function answererCommand(config: GuardConfig): readonly [string, ...string[]] {
  return [process.execPath, ...NODE_FLAGS, MAIN, 'answerer', ...guardFlags(config)];
}

/** What keeper and answerer are told. */
export type GuardConfig = Pick<AgentConfig, 'runDir' | 'pins' | 'objects' | 'onError' | 'procfsMount'>;

function guardFlags(config: GuardConfig): string[] {
  return [
    '--run-dir',
    config.runDir,
    '--pins',
    config.pins,
    '--objects',
    config.objects,
    '--on-error',
    config.onError,
    '--procfsMount',
    config.procfsMount,
  ];
}
