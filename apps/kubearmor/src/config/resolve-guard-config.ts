import { join } from 'node:path';
import type { GuardConfig } from '../agent/guard-command.js';
import type { Settled } from './settled.js';

/** What keeper, answerer and `release` are told. */
export function resolveGuardConfig(settled: Settled): GuardConfig {
  const pins = settled.get('pins');
  return {
    runDir: settled.get('runDir'),
    pins: pins === '' ? join(settled.get('bpfFsPath'), 'kubearmor') : pins,
    objects: settled.get('objects'),
    onError: settled.get('onError'),
    procfsMount: settled.get('procfsMount'),
  };
}
