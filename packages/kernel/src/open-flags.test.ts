import { constants } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostArchitecture } from './architecture.js';
import { openFlags } from './open-flags.js';

describe('openFlags', () => {
  it('agrees with what Node was compiled with', () => {
    const flags = openFlags();
    for (const name of [
      'O_DIRECTORY',
      'O_NOFOLLOW',
      'O_DIRECT',
      'O_CREAT',
      'O_TRUNC',
      'O_SYNC',
      'O_NOATIME',
    ] as const) {
      expect(flags[name], name).toBe(constants[name]);
    }
  });

  it('differs between architectures where the kernel does', () => {
    expect(openFlags('x86_64').O_DIRECTORY).toBe(openFlags('arm64').O_DIRECT);
    expect(openFlags('arm64').O_TMPFILE & openFlags('arm64').O_DIRECTORY).not.toBe(0);
    expect(['x86_64', 'arm64']).toContain(hostArchitecture());
  });
});
