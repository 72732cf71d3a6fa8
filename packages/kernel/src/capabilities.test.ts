import { describe, expect, it } from 'vitest';
import {
  CAPABILITY_NAMES,
  capabilityMask,
  capabilityName,
  capabilityNamesOf,
  capabilityNumber,
  CONTAINER_CAPABILITIES,
  getCapabilities,
} from './capabilities.js';
import { readStatus } from './proc.js';
import { isRoot } from './testing/machine.js';
import { runInThread } from './testing/source-thread.js';

describe('capability names', () => {
  it('are numbered as in the kernel', () => {
    expect(CAPABILITY_NAMES).toHaveLength(41);
    expect(capabilityNumber('CAP_NET_RAW')).toBe(13);
    expect(capabilityNumber('CAP_SYS_ADMIN')).toBe(21);
    expect(capabilityName(40)).toBe('CAP_CHECKPOINT_RESTORE');
    expect(capabilityName(63)).toBeUndefined();
  });

  it('make masks and come back from them', () => {
    expect(capabilityMask(CONTAINER_CAPABILITIES)).toBe(0xa804_25fbn);
    expect(capabilityNamesOf(0xa804_25fbn)).toEqual(
      CAPABILITY_NAMES.filter((n) => CONTAINER_CAPABILITIES.includes(n)),
    );
  });
});

describe('getCapabilities', () => {
  it('agrees with /proc', () => {
    expect(getCapabilities().effective).toBe(readStatus('self')?.capEff);
  });
});

describe.skipIf(!isRoot)('confineCapabilities (needs root)', () => {
  it('leaves a thread no more than the mask', async () => {
    const left = await runInThread(`
      kernel.confineCapabilities(kernel.capabilityMask(['CAP_CHOWN', 'CAP_NET_RAW']));
      const sets = kernel.getCapabilities();
      return [sets.effective, sets.permitted].map(kernel.capabilityNamesOf);`);
    expect(left).toEqual([
      ['CAP_CHOWN', 'CAP_NET_RAW'],
      ['CAP_CHOWN', 'CAP_NET_RAW'],
    ]);
    expect(getCapabilities().effective).toBe(readStatus('self')?.capEff);
  });
});
