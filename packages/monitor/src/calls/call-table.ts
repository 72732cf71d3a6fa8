import { hostArchitecture, syscallNumber, type SyscallName, type SyscallTable } from '@kubearmor/kernel';
import { CALL_AT, CALL_FLAG, GROUP, MAX_SYSCALLS, SIZES, TEXT, TEXT_SOURCE_SHIFT } from '../record/layout.js';
import type { CallDescription } from './call.js';
import { FILE_CALLS } from './file-calls.js';
import { NETWORK_CALLS } from './network-calls.js';
import { PROCESS_CALLS } from './process-calls.js';
import { SYSTEM_CALLS } from './system-calls.js';

/** Every call that is watched. A record names one by its place here, counted from 1. */
export const CALLS: readonly CallDescription[] = [
  ...FILE_CALLS,
  ...NETWORK_CALLS,
  ...PROCESS_CALLS,
  ...SYSTEM_CALLS,
];

/** The kernel's table of calls by number: one `struct monitor_syscall` each, for this architecture and its 32-bit calls. */
export function encodeCallTable(calls: readonly CallDescription[] = CALLS): ReadonlyMap<number, Uint8Array> {
  const table = new Map<number, Uint8Array>();
  calls.forEach((call, index) => {
    for (const name of [call.name, ...(call.aliases ?? [])]) {
      put(table, name, hostArchitecture(), 0, encodeCall(call, index + 1));
      if (hostArchitecture() === 'x86_64') {
        put(table, name, 'i386', SIZES.monitor_call, encodeCall(call, index + 1));
      }
    }
  });
  return table;
}

function put(
  table: Map<number, Uint8Array>,
  name: SyscallName,
  architecture: SyscallTable,
  offset: number,
  call: Uint8Array,
): void {
  const number = syscallNumber(name, architecture);
  if (number < 0 || number >= MAX_SYSCALLS) return;
  const entry = table.get(number) ?? new Uint8Array(SIZES.monitor_syscall);
  entry.set(call, offset);
  table.set(number, entry);
}

function encodeCall(call: CallDescription, number: number): Uint8Array {
  const bytes = new Uint8Array(SIZES.monitor_call);
  const flags = (call.flags ?? []).reduce((bits, flag) => bits | CALL_FLAG[flag], 0);
  new DataView(bytes.buffer).setUint16(CALL_AT.call, number, true);
  bytes[CALL_AT.group] = GROUP[call.group];
  bytes[CALL_AT.flags] = flags;
  bytes.set(
    (call.args ?? []).map((index) => index + 1),
    CALL_AT.args,
  );
  bytes.set(
    (call.texts ?? []).map(([source, argument]) => (TEXT[source] << TEXT_SOURCE_SHIFT) | argument),
    CALL_AT.texts,
  );
  return bytes;
}
