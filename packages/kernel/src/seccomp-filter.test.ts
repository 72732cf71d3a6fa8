import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionValue, assembleSeccompFilter, type SeccompRule } from './seccomp-filter.js';
import { SYSCALL_NAMES, type SyscallName, syscallNumber, type SyscallTable } from './syscalls.js';

interface Call {
  readonly arch: number;
  readonly nr: number;
  readonly args: readonly bigint[];
}

const ARCH = { x86_64: 0xc000_003e, arm64: 0xc000_00b7, i386: 0x4000_0003 } as const;
const ALLOW = actionValue({ kind: 'allow' });
const EPERM = actionValue({ kind: 'errno', errno: 'EPERM' });
const ENOSYS = actionValue({ kind: 'errno', errno: 'ENOSYS' });
const DENY = { kind: 'errno', errno: 'EPERM' } as const;

/** A small interpreter of classic BPF as the kernel runs it on `struct seccomp_data`. */
function run(program: Uint8Array, call: Call): number {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.nr >>> 0, true);
  data.setUint32(4, call.arch, true);
  call.args.forEach((value, index) => {
    data.setBigUint64(16 + index * 8, value, true);
  });
  let accumulator = 0;
  for (let pc = 0; pc * 8 < program.length; pc++) {
    const k = code.getUint32(pc * 8 + 4, true);
    const jump = (holds: boolean): number => code.getUint8(pc * 8 + (holds ? 2 : 3));
    switch (code.getUint16(pc * 8, true)) {
      case 0x20:
        accumulator = data.getUint32(k, true);
        break;
      case 0x54:
        accumulator = (accumulator & k) >>> 0;
        break;
      case 0x05:
        pc += k;
        break;
      case 0x15:
        pc += jump(accumulator === k);
        break;
      case 0x35:
        pc += jump(accumulator >= k);
        break;
      case 0x45:
        pc += jump((accumulator & k) !== 0);
        break;
      case 0x06:
        return k;
      default:
        return -1;
    }
  }
  return -2;
}

function call(table: SyscallTable, name: SyscallName, args: readonly bigint[] = []): Call {
  return { arch: ARCH[table], nr: syscallNumber(name, table), args };
}

describe('assembleSeccompFilter', () => {
  const rules: readonly SeccompRule[] = [
    { syscall: 'memfd_create', action: DENY },
    { syscall: 'socket', action: DENY, when: [{ index: 0, test: 'equal', value: 17n }] },
    { syscall: 'clone', action: DENY, when: [{ index: 0, test: 'any-bit', mask: 0x1000_0000n, bits: 64 }] },
    { syscall: 'chmod', action: { kind: 'kill-process' } },
  ];

  it('applies the rules to native and to 32-bit calls', () => {
    const program = assembleSeccompFilter({ rules, architecture: 'x86_64' });
    for (const table of ['x86_64', 'i386'] as const) {
      expect(run(program, call(table, 'memfd_create'))).toBe(EPERM);
      expect(run(program, call(table, 'read'))).toBe(ALLOW);
      expect(run(program, call(table, 'chmod'))).toBe(0x8000_0000);
    }
  });

  it('looks only at the bits that the kernel looks at', () => {
    const program = assembleSeccompFilter({ rules, architecture: 'arm64' });
    expect(run(program, call('arm64', 'socket', [17n]))).toBe(EPERM);
    expect(run(program, call('arm64', 'socket', [0xff_0000_0011n]))).toBe(EPERM);
    expect(run(program, call('arm64', 'socket', [2n]))).toBe(ALLOW);
    expect(run(program, call('arm64', 'clone', [0x1000_0000n]))).toBe(EPERM);
    expect(run(program, call('arm64', 'clone', [0xefff_ffffn]))).toBe(ALLOW);
    expect(run(program, call('arm64', 'memfd_create'))).toBe(EPERM);
  });

  it('refuses x32 calls and foreign instruction sets', () => {
    const program = assembleSeccompFilter({ rules, architecture: 'x86_64' });
    expect(run(program, { arch: ARCH.x86_64, nr: 0x4000_0000 + 319, args: [] })).toBe(ENOSYS);
    expect(run(program, { arch: 0x1234, nr: 0, args: [] })).toBe(ENOSYS);
    const strict = assembleSeccompFilter({ rules, architecture: 'x86_64', compat: DENY });
    expect(run(strict, call('i386', 'read'))).toBe(EPERM);
    expect(run(assembleSeccompFilter({ rules, architecture: 'arm64' }), call('i386', 'read'))).toBe(ENOSYS);
  });

  it('decides any call as the first rule that matches does', () => {
    const argument = fc.record({
      index: fc.nat(5),
      test: fc.constantFrom('equal' as const, 'any-bit' as const),
      mask: fc.constantFrom(1n, 0xff00_0000_0000_0001n, 0xffff_ffff_ffff_ffffn, 0xffff_ffffn),
      value: fc.constantFrom(0n, 1n, 0x1_0000_0001n, 0xff00_0000_0000_0001n),
      bits: fc.constantFrom(32 as const, 64 as const),
    });
    const names = SYSCALL_NAMES.slice(0, 40);
    const rule: fc.Arbitrary<SeccompRule> = fc.record({
      syscall: fc.constantFrom(...names),
      action: fc.constantFrom(DENY, { kind: 'log' as const }, { kind: 'notify' as const }),
      when: fc.array(argument, { maxLength: 4 }),
    });
    const word = fc.constantFrom(0n, 1n, 0x1_0000_0000n, 0x1_0000_0001n, 0xff00_0000_0000_0001n);
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 30 }),
        fc.constantFrom(...names),
        fc.array(word, { minLength: 6, maxLength: 6 }),
        fc.constantFrom('x86_64' as const, 'i386' as const),
        (chosen, name, args, table) => {
          fc.pre(syscallNumber(name, table) >= 0);
          const program = assembleSeccompFilter({ rules: chosen, architecture: 'x86_64' });
          const first = chosen.find((r) => r.syscall === name && (r.when ?? []).every((w) => holds(w, args)));
          expect(run(program, call(table, name, args))).toBe(
            first === undefined ? ALLOW : actionValue(first.action),
          );
        },
      ),
    );
  });

  it('refuses a rule and a filter that are too long', () => {
    const when = Array.from({ length: 90 }, () => ({ index: 0, test: 'equal' as const, value: 1n }));
    const long: SeccompRule = { syscall: 'read', action: DENY, when };
    expect(() => assembleSeccompFilter({ rules: [{ ...long, when: [...when, ...when] }] })).toThrow(
      /at most 255/u,
    );
    const many = Array.from({ length: 40 }, () => long);
    expect(() => assembleSeccompFilter({ rules: many })).toThrow(/at most 4096 instructions/u);
  });
});

function holds(test: NonNullable<SeccompRule['when']>[number], args: readonly bigint[]): boolean {
  const width = test.bits === 64 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  const masked = (args[test.index] ?? 0n) & (test.mask ?? width) & width;
  return test.test === 'any-bit' ? masked !== 0n : masked === ((test.value ?? 0n) & width);
}
