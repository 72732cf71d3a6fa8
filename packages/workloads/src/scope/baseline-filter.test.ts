import { describe, expect, it } from 'vitest';
import { assembleBaselineFilter } from './baseline-filter.js';
import { seccompVerdict } from './testing/seccomp-verdict.js';

const EPERM = 1;
const ENOSYS = 38;
const MGC = 0xc0ed_0000n;
const program = process.arch === 'x64' ? assembleBaselineFilter() : new Uint8Array();

const MOUNT = { x86_64: 165, i386: 21 } as const;

describe.skipIf(process.arch !== 'x64')('assembleBaselineFilter', () => {
  const mount = (arch: 'x86_64' | 'i386', flags: bigint): 'allow' | number =>
    seccompVerdict(program, { arch, number: MOUNT[arch], args: [0n, 0n, 0n, flags] });

  for (const arch of ['x86_64', 'i386'] as const) {
    for (const [name, flags] of [
      ['bind', 0x1000n],
      ['move', 0x2000n],
      ['remount', 0x20n],
      ['unbindable', 0x20000n],
      ['private', 0x40000n],
      ['slave', 0x80000n],
      ['shared', 0x100000n],
      ['recursive private', 0x44000n],
      ['bind with the old magic', MGC | 0x1000n],
    ] as const) {
      it(`allows a mount that is ${name} on ${arch}`, () => {
        expect(mount(arch, flags)).toBe('allow');
      });
    }

    for (const [name, flags] of [
      ['plain', 0n],
      ['nosuid and read-only', 3n],
      ['recursive only', 0x4000n],
      // The kernel drops the upper half then: what looks like private and slave is a new mount.
      ['with the old magic', MGC],
      ['with the old magic and nodev', MGC | 4n],
      ['with a flag in the upper 32 bits', 0x1000_0000_0000n],
    ] as const) {
      it(`denies a new mount, ${name}, on ${arch}`, () => {
        expect(mount(arch, flags)).toBe(EPERM);
      });
    }

    for (const [name, number] of [
      ['fsopen', 430],
      ['fsconfig', 431],
      ['fsmount', 432],
      ['fspick', 433],
      ['move_mount', 429],
      ['open_tree_attr', 467],
      ['fanotify_init', arch === 'i386' ? 338 : 300],
    ] as const) {
      it(`denies ${name} on ${arch}`, () => {
        expect(seccompVerdict(program, { arch, number })).toBe(EPERM);
      });
    }

    it(`denies open_tree only where it clones, on ${arch}`, () => {
      const openTree = (flags: bigint): 'allow' | number =>
        seccompVerdict(program, { arch, number: 428, args: [0n, 0n, flags] });
      expect(openTree(0x8_0001n)).toBe(EPERM);
      expect(openTree(0x8_0000n)).toBe('allow');
    });
  }

  it('allows namespaces and everything ordinary', () => {
    for (const number of [0, 1, 2, 56, 59, 272, 308, 435]) {
      expect(seccompVerdict(program, { arch: 'x86_64', number, args: [0x2002_0000n] })).toBe('allow');
    }
  });

  it('judges 32-bit calls by their own numbers', () => {
    // 165 is mount for 64-bit programs and getresuid for 32-bit ones; 21 is access and mount.
    expect(seccompVerdict(program, { arch: 'i386', number: 165 })).toBe('allow');
    expect(seccompVerdict(program, { arch: 'x86_64', number: 21 })).toBe('allow');
  });

  it('knows no x32 calls', () => {
    expect(
      seccompVerdict(program, { arch: 'x86_64', number: 0x4000_0000 + 165, args: [0n, 0n, 0n, 0x1000n] }),
    ).toBe(ENOSYS);
    expect(seccompVerdict(program, { arch: 'x86_64', number: 0x4000_0000 + 39 })).toBe(ENOSYS);
  });

  it('lets no call of an unknown architecture through', () => {
    expect(seccompVerdict(program, { arch: 'other', number: 1 })).toBe(ENOSYS);
  });
});
