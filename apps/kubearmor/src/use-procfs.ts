import { readlinkPath, setProcfs } from '@kubearmor/kernel';
import { AgentError } from './errors.js';

/** Reads the machine's processes at a mount of procfs. Throws SETTING_INVALID where that does not show this process as itself. */
export function useProcfs(directory: string): void {
  const self = readlinkPath(`${directory}/self`);
  if (self !== String(process.pid)) {
    const got = self === undefined ? 'none' : `one that calls it ${self}`;
    throw new AgentError(
      'SETTING_INVALID',
      `procfsMount ${directory}: expected procfs with this process as ${process.pid}, got ${got}`,
    );
  }
  setProcfs(directory);
}
