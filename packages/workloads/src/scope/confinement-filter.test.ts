import { describe, expect, it } from 'vitest';
import { assembleConfinementFilter } from './confinement-filter.js';
import { seccompVerdict } from './testing/seccomp-verdict.js';

const EPERM = 1;
const program = process.arch === 'x64' ? assembleConfinementFilter() : new Uint8Array();

describe.skipIf(process.arch !== 'x64')('assembleConfinementFilter', () => {
  for (const [name, x64, i386] of [
    ['memfd_create', 319, 356],
    ['io_uring_setup', 425, 425],
    ['chmod', 90, 15],
    ['fchmodat2', 452, 452],
    ['fchownat', 260, 298],
    ['setxattr', 188, 226],
    ['setxattrat', 463, 463],
    ['mknodat', 259, 297],
    ['ptrace', 101, 26],
    ['process_vm_writev', 311, 348],
  ] as const) {
    it(`denies ${name} under both numbers`, () => {
      expect(seccompVerdict(program, { arch: 'x86_64', number: x64 })).toBe(EPERM);
      expect(seccompVerdict(program, { arch: 'i386', number: i386 })).toBe(EPERM);
    });
  }

  for (const [family, verdict] of [
    [1n, 'allow'],
    [2n, 'allow'],
    [10n, 'allow'],
    [16n, 'allow'],
    [17n, EPERM],
    [38n, EPERM],
    [40n, EPERM],
    // The kernel looks at the lower half only.
    [0x1_0000_0011n, EPERM],
    [0x1_0000_0002n, 'allow'],
  ] as const) {
    it(`judges a socket of family ${family} as ${verdict}`, () => {
      expect(seccompVerdict(program, { arch: 'x86_64', number: 41, args: [family] })).toBe(verdict);
      expect(seccompVerdict(program, { arch: 'i386', number: 359, args: [family] })).toBe(verdict);
    });
  }

  it('denies the 32-bit call that carries all socket calls', () => {
    expect(seccompVerdict(program, { arch: 'i386', number: 102, args: [1n] })).toBe(EPERM);
  });

  it('allows opening, executing and setting times', () => {
    for (const number of [2, 257, 59, 280])
      expect(seccompVerdict(program, { arch: 'x86_64', number })).toBe('allow');
  });
});
