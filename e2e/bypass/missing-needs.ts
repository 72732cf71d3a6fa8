import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Need } from './attempt.ts';

/** What this machine lacks of what an attempt needs. */
export function missingNeeds(needs: readonly Need[]): readonly Need[] {
  return needs.filter((need) => !IS_THERE[need]());
}

const IS_THERE: Readonly<Record<Need, () => boolean>> = {
  'io-uring': () => (read('/proc/sys/kernel/io_uring_disabled') ?? '0') === '0',
  'core-file': () => !/^[|/]/.test(read('/proc/sys/kernel/core_pattern') ?? '|'),
  mptcp: () => read('/proc/sys/net/mptcp/enabled') === '1',
  disk: () => canReadDisk(),
};

// The first that the kernel lists, as the attempt takes it. Root may not open it everywhere.
function canReadDisk(): boolean {
  const name = (read('/proc/partitions') ?? '').split('\n')[2]?.trim().split(/\s+/).at(-1);
  try {
    closeSync(openSync(`/dev/${name ?? 'none'}`, 'r'));
    return true;
  } catch {
    return false;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
