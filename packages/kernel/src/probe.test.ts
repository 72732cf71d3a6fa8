import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unifiedRoot } from './cgroup.js';
import { readLsmList } from './lsm-list.js';
import { probeCapabilities } from './probe.js';
import { isRoot, scratchDirectory } from './testing/machine.js';

describe('probeCapabilities', () => {
  it('answers every question once, with a reason, and a consequence where something is missing', () => {
    using scratch = scratchDirectory();
    const capabilities = probeCapabilities({ scratchPath: scratch.path });
    expect(new Set(capabilities.map((capability) => capability.name)).size).toBe(16);
    for (const { available, reason, consequence } of capabilities) {
      expect(reason).not.toBe('');
      expect(consequence === '').toBe(available);
    }
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  it.skipIf(!isRoot)('leaves no cgroup behind (needs root)', () => {
    expect(readdirSync(unifiedRoot()).filter((name) => name.startsWith('kubearmor-probe-'))).toEqual([]);
  });
});

describe('readLsmList', () => {
  it('takes the list from a file, else from the kernel', () => {
    expect(readLsmList('/proc/self/comm')).toHaveLength(1);
    const listed = readLsmList('/nowhere');
    if (listed !== undefined) expect(listed).toContain('capability');
  });
});
