import type { DeviceObject } from '../language/rule.js';
import type { DeviceOperation } from './operation.js';

/** How exactly a rule names a device, by KubeArmor's weights; nothing if it is about others. */
export function specificityOf(rule: DeviceObject, device: DeviceOperation): number | undefined {
  let specificity = 0;
  for (const [field, weight] of weights) {
    const wanted = rule[field];
    if (wanted === undefined) continue;
    if (wanted !== device[field]) return undefined;
    specificity += weight;
  }
  return specificity;
}

const weights = [
  ['class', 100],
  ['subClass', 10],
  ['protocol', 1],
  ['level', 100],
] as const;
