import { formatLegacyAlertJson, type LegacyJsonOptions } from './legacy-json-format.js';
import type { Log } from './log.js';

/** A log in the spelling of KubeArmor's own file and standard output, one line: there it has the fields of an alert. */
export function formatLegacyLogJson(log: Log, options: LegacyJsonOptions = {}): string {
  return formatLegacyAlertJson(log, options);
}
