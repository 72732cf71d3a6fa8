import type { GuardConfig } from '../agent/guard-command.js';
import { flagLayer } from './flag-layer.js';
import { resolveGuardConfig } from './resolve-guard-config.js';
import { Settled } from './settled.js';

/** What keeper and answerer are told: flags alone, since the agent has read the rest. Throws SETTING_INVALID. */
export function guardConfiguration(options: unknown): GuardConfig {
  return resolveGuardConfig(new Settled([flagLayer(options)]));
}
