import { hostArchitecture, syscallNumber, type SyscallName } from '@kubearmor/kernel';
import { ALL_GROUPS, GROUP } from '../record/layout.js';
import { callGroups, CALLS } from './call-table.js';
import type { CallDescription } from './call.js';

/** A function of the kernel that carries out a call. */
export interface CallFunction {
  readonly names: readonly string[];
  /** The bits of `enum monitor_group` for which it is looked at. */
  readonly groups: number;
}

/** Calls whose function has another name, on every architecture; among 32-bit calls the oldest ones have small ids. */
const RENAMED: ReadonlyMap<SyscallName, string> = new Map([['umount2', 'umount']]);
const RENAMED_32: ReadonlyMap<SyscallName, string> = new Map([
  ['umount', 'oldumount'],
  ['umount2', 'umount'],
  ['chown', 'chown16'],
  ['lchown', 'lchown16'],
  ['fchown', 'fchown16'],
  ['setuid', 'setuid16'],
  ['setgid', 'setgid16'],
  ['chown32', 'chown'],
  ['lchown32', 'lchown'],
  ['fchown32', 'fchown'],
  ['setuid32', 'setuid'],
  ['setgid32', 'setgid'],
]);

/**
 * The functions that carry out watched calls, for 64-bit and 32-bit programs, in the order of the table. For each there may
 * be several names, of which the first that a kernel has is the one to take; it may have none.
 */
export function callFunctions(calls: readonly CallDescription[] = CALLS): readonly CallFunction[] {
  const found = new Map<string, CallFunction>();
  const add = (names: readonly string[], groups: number): void => {
    const [first] = names;
    if (first !== undefined) found.set(first, { names, groups: groups | (found.get(first)?.groups ?? 0) });
  };
  for (const call of calls) {
    const groups = call.flags?.includes('followed') === true ? ALL_GROUPS : callGroups(call);
    for (const name of [call.name, ...(call.aliases ?? [])]) {
      add(wideNames(name), groups);
      add(narrowNames(name), groups);
    }
  }
  add(narrowNames('socketcall'), GROUP.network | GROUP.dns);
  return [...found.values()];
}

function wideNames(call: SyscallName): readonly string[] {
  const architecture = hostArchitecture();
  if (syscallNumber(call, architecture) < 0) return [];
  // Without arguments the function is one for 32-bit and 64-bit programs, which go by two other names, too.
  if (call === 'setsid' && architecture === 'x86_64') return ['__do_sys_setsid'];
  const prefix = architecture === 'x86_64' ? '__x64_sys_' : '__arm64_sys_';
  return [`${prefix}${RENAMED.get(call) ?? call}`];
}

function narrowNames(call: SyscallName): readonly string[] {
  if (hostArchitecture() !== 'x86_64') return [`__arm64_compat_sys_${RENAMED.get(call) ?? call}`];
  if (syscallNumber(call, 'i386') < 0 || call === 'setsid') return [];
  const name = RENAMED_32.get(call) ?? call;
  return [`__ia32_compat_sys_${name}`, `__ia32_sys_${name}`];
}
