import { describe, expect, it } from 'vitest';
import { ALL_GROUPS, GROUP } from '../record/layout.js';
import { callFunctions, type CallFunction } from './call-functions.js';

function find(name: string): CallFunction | undefined {
  return callFunctions().find(({ names }) => names.includes(name));
}

describe.skipIf(process.arch !== 'x64')('callFunctions (x86_64)', () => {
  it('names the functions of a call for 64-bit and 32-bit programs', () => {
    expect(find('__x64_sys_openat')).toEqual({ names: ['__x64_sys_openat'], groups: GROUP.file });
    expect(find('__ia32_sys_openat')?.names).toEqual(['__ia32_compat_sys_openat', '__ia32_sys_openat']);
  });

  it('knows the calls that are called otherwise', () => {
    expect(find('__x64_sys_umount')).toBeDefined();
    expect(find('__ia32_sys_oldumount')).toBeDefined();
    expect(find('__ia32_sys_chown16')).toBeDefined();
    expect(find('__x64_sys_chown32')).toBeUndefined();
    expect(find('__do_sys_setsid')?.groups).toBe(ALL_GROUPS);
  });

  it('has each function once, and few enough for the programs there are', () => {
    const names = callFunctions().map(({ names: [first] }) => first);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeLessThan(100);
  });

  it('looks at calls that are followed whatever is watched', () => {
    expect(find('__x64_sys_chdir')?.groups).toBe(ALL_GROUPS);
    expect(find('__x64_sys_sendto')?.groups).toBe(GROUP.network | GROUP.dns);
    expect(find('__ia32_sys_socketcall')?.groups).toBe(GROUP.network | GROUP.dns);
  });
});
