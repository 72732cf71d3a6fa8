import { hostArchitecture, syscallNumber, type SyscallName } from '@kubearmor/kernel';
import {
  CALL_AT,
  CALL_FLAG,
  GROUP,
  MAX_SYSCALLS,
  PAYLOAD,
  SIZES,
  TEXT,
  TEXT_SOURCE_SHIFT,
} from '../record/layout.js';
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

type CallFlags = readonly (keyof typeof CALL_FLAG)[];

/** Calls that are not told, but tell why the kernel asks for a capability. */
const MEMORY_CALLS: readonly (readonly [SyscallName, CallFlags])[] = [
  ['mmap', ['overcommits']],
  ['mmap2', ['overcommits']],
  ['mprotect', ['overcommits']],
  ['mremap', ['overcommits']],
  ['brk', ['overcommits']],
  ['fork', ['overcommits']],
  ['vfork', ['overcommits']],
  ['clone', ['overcommits', 'clones']],
  ['clone3', ['overcommits', 'clonesByPointer']],
];

/** What 32-bit programs reach through socketcall, by its number there. send(2) is to a name server what write(2) is. */
const SOCKET_CALLS: readonly (readonly [number, SyscallName])[] = [
  [1, 'socket'],
  [2, 'bind'],
  [3, 'connect'],
  [4, 'listen'],
  [5, 'accept'],
  [9, 'write'],
  [11, 'sendto'],
  [16, 'sendmsg'],
  [18, 'accept4'],
  [20, 'sendmmsg'],
];
/** Its record is that of the call behind it. */
const MULTIPLEXER = 0xffff;

/** The kernel's table of calls by number: one `struct monitor_syscall` each, for this architecture and its 32-bit calls. */
export function encodeCallTable(calls: readonly CallDescription[] = CALLS): ReadonlyMap<number, Uint8Array> {
  const table = new Map<number, Uint8Array>();
  calls.forEach((call, index) => {
    for (const name of [call.name, ...(call.aliases ?? [])]) put(table, name, encodeCall(call, index + 1));
  });
  for (const [name, flags] of MEMORY_CALLS) put(table, name, encodeFlags(flags, 0));
  put(table, 'socketcall', encodeFlags(['multiplexed'], MULTIPLEXER));
  return table;
}

/** The kernel's table of calls behind socketcall: one `struct monitor_call` each. */
export function encodeSocketCalls(
  calls: readonly CallDescription[] = CALLS,
): ReadonlyMap<number, Uint8Array> {
  const table = new Map<number, Uint8Array>();
  for (const [number, name] of SOCKET_CALLS) {
    const index = calls.findIndex((call) => call.name === name);
    const call = calls[index];
    if (call !== undefined) table.set(number, encodeCall(call, index + 1));
  }
  return table;
}

/** The bits of `enum monitor_group` for which a call is told. */
export function callGroups({ group, payload }: CallDescription): number {
  return GROUP[group] | (payload === undefined ? 0 : GROUP.dns);
}

function put(table: Map<number, Uint8Array>, name: SyscallName, call: Uint8Array): void {
  putAt(table, syscallNumber(name, hostArchitecture()), 0, call);
  if (hostArchitecture() === 'x86_64') putAt(table, syscallNumber(name, 'i386'), SIZES.monitor_call, call);
}

function putAt(table: Map<number, Uint8Array>, number: number, offset: number, call: Uint8Array): void {
  if (number < 0 || number >= MAX_SYSCALLS) return;
  const entry = table.get(number) ?? new Uint8Array(SIZES.monitor_syscall);
  entry.set(call, offset);
  table.set(number, entry);
}

function encodeCall(call: CallDescription, number: number): Uint8Array {
  const { args = [], texts = [], payload = 'none' } = call;
  const bytes = encodeFlags(flagsOf(call), number);
  bytes[CALL_AT.group] = callGroups(call);
  args.forEach((index, place) => (bytes[CALL_AT.args + place] = index + 1));
  texts.forEach(([source, argument], slot) => {
    bytes[CALL_AT.texts + slot] = (TEXT[source] << TEXT_SOURCE_SHIFT) | argument;
  });
  bytes[CALL_AT.payload] = PAYLOAD[payload];
  return bytes;
}

// An exec takes memory, too.
function flagsOf({ flags = [], name }: CallDescription): CallFlags {
  return name.startsWith('exec') ? [...flags, 'overcommits'] : flags;
}

function encodeFlags(flags: CallFlags, number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SIZES.monitor_call);
  bytes[CALL_AT.flags] = flags.reduce((bits, flag) => bits | CALL_FLAG[flag], 0);
  new DataView(bytes.buffer).setUint16(CALL_AT.call, number, true);
  return bytes;
}
