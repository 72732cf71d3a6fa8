import { openFlags } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { portableOpenFlags } from './portable-open-flags.js';

describe('portableOpenFlags', () => {
  for (const name of ['O_DIRECT', 'O_LARGEFILE', 'O_DIRECTORY', 'O_NOFOLLOW'] as const) {
    it(`gives ${name} the value of x86`, () => {
      const [x86, arm64] = [openFlags('x86_64'), openFlags('arm64')];
      expect(portableOpenFlags(arm64[name] | 2, arm64)).toBe(x86[name] | 2);
      expect(portableOpenFlags(x86[name] | 2, x86)).toBe(x86[name] | 2);
    });
  }
});
