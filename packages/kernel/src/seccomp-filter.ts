import { type Architecture, hostArchitecture } from './architecture.js';
import { type ErrnoName, errnoNumber } from './errno.js';
import { KernelError } from './errors.js';
import { type SyscallName, syscallNumber, type SyscallTable, X32_SYSCALL_BIT } from './syscalls.js';

/** What happens to a system call. */
export type SeccompAction =
  | { readonly kind: 'allow' }
  | { readonly kind: 'log' }
  | { readonly kind: 'errno'; readonly errno: ErrnoName }
  | { readonly kind: 'notify' }
  | { readonly kind: 'kill-process' };

/** A test of one argument. Only `bits` low bits are looked at: the kernel ignores the upper half of an `int`, so must the test. */
export interface SeccompArgument {
  /** 0 to 5. */
  readonly index: number;
  /** `equal`: the masked argument is the value; `any-bit`: it shares a bit with the mask. */
  readonly test: 'equal' | 'any-bit';
  /** By default all bits. */
  readonly mask?: bigint;
  /** For `equal`. By default 0. */
  readonly value?: bigint;
  /** The width of the argument's C type. By default 32. */
  readonly bits?: 32 | 64;
}

/** What happens to a system call when all tests of its arguments hold. The first rule that matches decides. */
export interface SeccompRule {
  readonly syscall: SyscallName;
  readonly action: SeccompAction;
  /** By default none: the call always matches. */
  readonly when?: readonly SeccompArgument[];
}

/** A filter to be assembled. */
export interface SeccompFilterOptions {
  readonly rules: readonly SeccompRule[];
  /** For calls that no rule matches. By default allow. */
  readonly otherwise?: SeccompAction;
  /** By default the one of this process. */
  readonly architecture?: Architecture;
  /** For 32-bit calls: `apply` the same rules with their numbers, or one action. By default `apply`; where there is no table (arm64) they fail with ENOSYS. */
  readonly compat?: 'apply' | SeccompAction;
  /** For x32 calls. By default ENOSYS, which is also what a kernel without x32 says. */
  readonly x32?: SeccompAction;
}

const ENOSYS: SeccompAction = { kind: 'errno', errno: 'ENOSYS' };
const ALLOW: SeccompAction = { kind: 'allow' };

const AUDIT_ARCH = { x86_64: 0xc000_003e, arm64: 0xc000_00b7, i386: 0x4000_0003 } as const;
const OFFSET_NR = 0;
const OFFSET_ARCH = 4;
const OFFSET_ARGS = 16;

const LOAD = 0x20;
const AND = 0x54;
const JUMP_ALWAYS = 0x05;
const JUMP_EQUAL = 0x15;
const JUMP_NOT_LESS = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALL_32 = 0xffff_ffff;
const ALL_64 = 0xffff_ffff_ffff_ffffn;
const MAX_INSTRUCTIONS = 4096;

// Jumps count from the next instruction, as in the kernel.
interface Instruction {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  readonly k: number;
}

/** Assembles a seccomp filter: an array of `struct sock_filter`. */
export function assembleSeccompFilter(options: SeccompFilterOptions): Uint8Array {
  const architecture = options.architecture ?? hostArchitecture();
  const native = [...x32Guard(architecture, options), ...ruleBlock(architecture, options)];
  const instructions = [
    load(OFFSET_ARCH),
    ...skipUnless(AUDIT_ARCH[architecture], native),
    ...compatBlock(architecture, options),
    give(ENOSYS),
  ];
  return encode(instructions);
}

function compatBlock(architecture: Architecture, options: SeccompFilterOptions): readonly Instruction[] {
  const compat = options.compat ?? 'apply';
  if (compat !== 'apply') return [give(compat)];
  return architecture === 'x86_64' ? skipUnless(AUDIT_ARCH.i386, ruleBlock('i386', options)) : [];
}

function x32Guard(architecture: Architecture, options: SeccompFilterOptions): readonly Instruction[] {
  if (architecture !== 'x86_64') return [];
  const isX32 = { code: JUMP_NOT_LESS, jumpTrue: 0, jumpFalse: 1, k: X32_SYSCALL_BIT };
  return [load(OFFSET_NR), isX32, give(options.x32 ?? ENOSYS)];
}

function ruleBlock(table: SyscallTable, options: SeccompFilterOptions): readonly Instruction[] {
  const rules = options.rules.flatMap((rule) => {
    const number = syscallNumber(rule.syscall, table);
    return number < 0 ? [] : ruleCode(number, rule);
  });
  return [load(OFFSET_NR), ...rules, give(options.otherwise ?? ALLOW)];
}

function ruleCode(number: number, rule: SeccompRule): readonly Instruction[] {
  const tests = rule.when ?? [];
  let body: readonly Instruction[] = [give(rule.action)];
  // From the last test to the first, so that each knows how far the end of the rule is.
  for (const test of tests.toReversed()) body = [...argumentCode(test, body.length), ...body];
  const skipped = [{ code: JUMP_EQUAL, jumpTrue: 0, jumpFalse: shortJump(body.length), k: number }, ...body];
  // The tests loaded something else over the number.
  return tests.length === 0 ? skipped : [...skipped, load(OFFSET_NR)];
}

function argumentCode(test: SeccompArgument, bodyLength: number): readonly Instruction[] {
  const mask = test.mask ?? ALL_64;
  const value = test.value ?? 0n;
  const offset = OFFSET_ARGS + 8 * test.index;
  const miss = shortJump(bodyLength);
  const low = (bits: bigint): number => Number(bits & 0xffff_ffffn);
  const high = (bits: bigint): number => Number((bits >> 32n) & 0xffff_ffffn);
  if (test.test === 'any-bit') {
    const last = [load(offset), { code: JUMP_ANY_BIT, jumpTrue: 0, jumpFalse: miss, k: low(mask) }];
    if (test.bits !== 64) return last;
    return [load(offset + 4), { code: JUMP_ANY_BIT, jumpTrue: 2, jumpFalse: 0, k: high(mask) }, ...last];
  }
  const lowCode = equalCode(offset, low(mask), low(value), miss);
  if (test.bits !== 64) return lowCode;
  return [
    ...equalCode(offset + 4, high(mask), high(value), shortJump(bodyLength + lowCode.length)),
    ...lowCode,
  ];
}

function equalCode(offset: number, mask: number, value: number, miss: number): readonly Instruction[] {
  const compare = { code: JUMP_EQUAL, jumpTrue: 0, jumpFalse: miss, k: value };
  if (mask === ALL_32) return [load(offset), compare];
  return [load(offset), { code: AND, jumpTrue: 0, jumpFalse: 0, k: mask }, compare];
}

// Conditional jumps reach 255 instructions; a block may be longer, so jump over it unconditionally.
function skipUnless(value: number, block: readonly Instruction[]): readonly Instruction[] {
  return [
    { code: JUMP_EQUAL, jumpTrue: 1, jumpFalse: 0, k: value },
    { code: JUMP_ALWAYS, jumpTrue: 0, jumpFalse: 0, k: block.length },
    ...block,
  ];
}

function load(offset: number): Instruction {
  return { code: LOAD, jumpTrue: 0, jumpFalse: 0, k: offset };
}

function give(action: SeccompAction): Instruction {
  return { code: RETURN, jumpTrue: 0, jumpFalse: 0, k: actionValue(action) };
}

/** The number that a filter returns for an action. */
export function actionValue(action: SeccompAction): number {
  switch (action.kind) {
    case 'allow':
      return 0x7fff_0000;
    case 'log':
      return 0x7ffc_0000;
    case 'notify':
      return 0x7fc0_0000;
    case 'errno':
      return 0x0005_0000 | errnoNumber(action.errno);
    case 'kill-process':
      return 0x8000_0000;
  }
}

function shortJump(distance: number): number {
  if (distance > 255)
    throw new KernelError('ARGUMENT_INVALID', `seccomp rule: jump of ${distance}, at most 255`);
  return distance;
}

function encode(instructions: readonly Instruction[]): Uint8Array {
  if (instructions.length > MAX_INSTRUCTIONS) {
    const message = `seccomp filter: expected at most ${MAX_INSTRUCTIONS} instructions, got ${instructions.length}`;
    throw new KernelError('ARGUMENT_INVALID', message);
  }
  const view = new DataView(new ArrayBuffer(instructions.length * 8));
  instructions.forEach((instruction, index) => {
    view.setUint16(index * 8, instruction.code, true);
    view.setUint8(index * 8 + 2, instruction.jumpTrue);
    view.setUint8(index * 8 + 3, instruction.jumpFalse);
    view.setUint32(index * 8 + 4, instruction.k, true);
  });
  return new Uint8Array(view.buffer);
}
