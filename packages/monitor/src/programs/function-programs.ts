import { readFileSync } from 'node:fs';
import { decodeBtf, readLsmList, type BpfObject, type Btf } from '@kubearmor/kernel';
import { callFunctions, type CallFunction } from '../calls/call-functions.js';
import { ALL_GROUPS, GROUP } from '../record/layout.js';
import { MonitorError } from '../errors.js';
import type { ProgramPlace } from './program-place.js';

const KERNEL_BTF = '/sys/kernel/btf/vmlinux';
/** As many of each kind as `monitor_calls.bpf.c` has. */
const CALL_PROGRAMS = 100;
const FAMILIES = [
  { prefix: 'monitor_call_', told: 'monitor_told', map: 'told' },
  { prefix: 'monitor_stub_', told: 'monitor_told_as_stub', map: 'told_as_stub' },
] as const;
const SECCOMP_FUNCTION = '__seccomp_filter';
const CAPABLE_FUNCTION = 'cap_capable';
const IMA_FUNCTION = 'ima_file_hash';
/** What asks before it changes a name, and the program that then has the name. Where a kernel lacks one, logs have the caller's text. */
const CHANGES = [
  { target: 'security_path_unlink', program: 'monitor_unlink', groups: GROUP.file },
  { target: 'security_path_rmdir', program: 'monitor_rmdir', groups: GROUP.file },
  { target: 'security_path_rename', program: 'monitor_rename', groups: GROUP.file },
  { target: 'security_path_chown', program: 'monitor_chown', groups: GROUP.file },
  { target: 'security_sb_mount', program: 'monitor_mount', groups: GROUP.capabilities },
  { target: 'security_sb_umount', program: 'monitor_umount', groups: GROUP.capabilities },
] as const;
const NO_IMA = 'hashes of what is run are not told (Linux must have IMA, and BPF among its security modules)';

/**
 * Gives each program at the end of a call the function of this kernel, before loading. Returns where they all belong.
 * Throws MONITOR_UNAVAILABLE where the kernel does not tell of its functions, or has more than there are programs for.
 */
export function placeFunctionPrograms(object: BpfObject): readonly ProgramPlace[] {
  const calls = callFunctions();
  const asking = CHANGES.map(({ target }) => target);
  const others = [SECCOMP_FUNCTION, CAPABLE_FUNCTION, IMA_FUNCTION, ...asking];
  const btf = readKernelBtf();
  const known = btf.findPrototypeIds(new Set([...calls.flatMap(({ names }) => names), ...others]));
  const places = placeCalls(object, calls, known);
  const place = (program: string, target: string, groups: number): void => {
    if (!known.has(target)) return;
    load(object, program, target);
    places.push({ program, groups, stays: true });
  };
  place('monitor_turned_away', SECCOMP_FUNCTION, ALL_GROUPS);
  const seccomp = known.get(SECCOMP_FUNCTION);
  // A bool on newer kernels: whether the call may go on.
  object.setGlobal('seccomp_says_yes', seccomp !== undefined && btf.returnedBytes(seccomp) === 1);
  place('monitor_capable', CAPABLE_FUNCTION, GROUP.capabilities);
  // Behind what takes the names in: no call then ends without having asked for them.
  for (const { target, program, groups } of CHANGES) place(program, target, groups);
  const canHash = known.has(IMA_FUNCTION) && readLsmList()?.includes('bpf') === true;
  if (canHash) object.findProgram('monitor_hash').setAutoload(true);
  return [...places, { program: 'monitor_hash', groups: GROUP.ima, consequence: NO_IMA, stays: true }];
}

/** Lets the programs of single calls go on in the one that tells them, once they are loaded. */
export function joinFunctionPrograms(object: BpfObject): void {
  for (const { map, told } of FAMILIES) {
    const next = object.findMap(map).open();
    const { fd } = object.findProgram(told);
    next.update(new Uint8Array(4), new Uint8Array(Uint32Array.of(fd).buffer));
    next.close();
  }
}

// By the prototype that the kernel gives its function: the first that comes is one, any other must be the other.
function placeCalls(
  object: BpfObject,
  calls: readonly CallFunction[],
  known: ReadonlyMap<string, number>,
): ProgramPlace[] {
  const places: ProgramPlace[] = [];
  const prototypes: number[] = [];
  const placed = FAMILIES.map(() => 0);
  for (const { names, groups } of calls) {
    const target = names.find((name) => known.has(name));
    const prototype = target === undefined ? undefined : known.get(target);
    if (target === undefined || prototype === undefined) continue;
    if (!prototypes.includes(prototype)) prototypes.push(prototype);
    const index = prototypes.indexOf(prototype);
    const family = FAMILIES[index];
    const number = placed[index] ?? CALL_PROGRAMS;
    if (family === undefined || number >= CALL_PROGRAMS) throw tooMany(target);
    if (number === 0) load(object, family.told, target);
    const program = `${family.prefix}${String(number).padStart(2, '0')}`;
    load(object, program, target);
    places.push({ program, groups, stays: true });
    placed[index] = number + 1;
  }
  return places;
}

function tooMany(target: string): MonitorError {
  return new MonitorError(
    'MONITOR_UNAVAILABLE',
    `monitor: expected at most ${CALL_PROGRAMS} calls of each of ${FAMILIES.length} types, got ${target} besides`,
  );
}

/** Lets the programs of functions tell, or not, whether or not the kernel runs them. */
export function setTelling(object: BpfObject, isTelling: boolean): void {
  const variable = object.global('is_telling');
  new DataView(variable.buffer, variable.byteOffset).setUint32(0, isTelling ? 1 : 0, true);
}

function load(object: BpfObject, program: string, target: string): void {
  const found = object.findProgram(program);
  found.setAttachTarget(target);
  found.setAutoload(true);
}

function readKernelBtf(): Btf {
  try {
    return decodeBtf(readFileSync(KERNEL_BTF));
  } catch (cause) {
    throw new MonitorError('MONITOR_UNAVAILABLE', `monitor: expected the kernel's types at ${KERNEL_BTF}`, {
      cause,
    });
  }
}
