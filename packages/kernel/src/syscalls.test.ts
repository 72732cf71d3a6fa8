import { describe, expect, it } from 'vitest';
import { isSyscallName, SYSCALL_NAMES, syscallNames, syscallNumber } from './syscalls.js';

describe('syscallNumber', () => {
  it('knows the numbers that differ and the shared ones', () => {
    expect(['x86_64', 'arm64', 'i386'].map((table) => syscallNumber('openat', asTable(table)))).toEqual([
      257, 56, 295,
    ]);
    expect(syscallNumber('open', 'arm64')).toBe(-1);
    for (const table of ['x86_64', 'arm64', 'i386'] as const)
      expect(syscallNumber('openat2', table)).toBe(437);
  });

  it('has no number twice in a table', () => {
    for (const table of ['x86_64', 'arm64', 'i386'] as const) {
      const numbers = SYSCALL_NAMES.map((name) => syscallNumber(name, table)).filter((number) => number >= 0);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(syscallNames(table).size).toBe(numbers.length);
    }
  });

  it('tells names from other text', () => {
    expect(isSyscallName('openat')).toBe(true);
    expect(isSyscallName('toString')).toBe(false);
  });
});

function asTable(text: string): 'x86_64' | 'arm64' | 'i386' {
  return text === 'arm64' || text === 'i386' ? text : 'x86_64';
}
