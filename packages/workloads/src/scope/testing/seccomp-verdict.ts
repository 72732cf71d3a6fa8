/** A system call as a seccomp filter sees it. */
export interface FilteredCall {
  readonly arch: 'x86_64' | 'i386' | 'other';
  readonly number: number;
  readonly args?: readonly bigint[];
}

const AUDIT_ARCH = { x86_64: 0xc000_003e, i386: 0x4000_0003, other: 0x4000_0028 } as const;
const ERRNO = 0x0005_0000;
const ALLOW = 0x7fff_0000;

/** Runs a filter on a call, as the kernel would: `allow`, the errno as a number, or the raw result. */
export function seccompVerdict(program: Uint8Array, call: FilteredCall): 'allow' | number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, AUDIT_ARCH[call.arch], true);
  (call.args ?? []).forEach((value, index) => {
    data.setBigUint64(16 + index * 8, value, true);
  });
  const result = interpret(new DataView(program.buffer, program.byteOffset, program.byteLength), data);
  if (result === ALLOW) return 'allow';
  return (result & 0xffff_0000) === ERRNO ? result & 0xffff : result;
}

/** The few instructions of classic BPF that our filters use. */
function interpret(program: DataView, data: DataView): number {
  let accumulator = 0;
  for (let at = 0; at * 8 < program.byteLength;) {
    const code = program.getUint16(at * 8, true);
    const jumpTrue = program.getUint8(at * 8 + 2);
    const jumpFalse = program.getUint8(at * 8 + 3);
    const k = program.getUint32(at * 8 + 4, true);
    at += 1;
    switch (code) {
      case 0x20:
        accumulator = data.getUint32(k, true);
        break;
      case 0x54:
        accumulator = (accumulator & k) >>> 0;
        break;
      case 0x05:
        at += k;
        break;
      case 0x15:
        at += accumulator === k ? jumpTrue : jumpFalse;
        break;
      case 0x35:
        at += accumulator >= k ? jumpTrue : jumpFalse;
        break;
      case 0x45:
        at += (accumulator & k) === 0 ? jumpFalse : jumpTrue;
        break;
      case 0x06:
        return k;
      default:
        throw new RangeError(`seccomp program: unexpected instruction 0x${code.toString(16)}`);
    }
  }
  throw new RangeError('seccomp program: ran past its end');
}
