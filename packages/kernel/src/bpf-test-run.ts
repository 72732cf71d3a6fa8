import { addressOf } from './libc.js';
import { checkBpf, libbpf } from './libbpf.js';

/** What a program is run on. */
export interface BpfTestRunOptions {
  /** The packet, for programs that take one. By default none. */
  readonly data?: Uint8Array;
  /** The context, for example the argument array of a raw tracepoint or syscall program; changed in place if the kernel writes it back. By default none. */
  readonly context?: Uint8Array;
  /** How often. By default 1; raw tracepoints take only their default. */
  readonly repeat?: number;
}

/** What came of a test run. */
export interface BpfTestRun {
  readonly returnValue: number;
  /** Mean per repetition; 0 where the kernel does not measure. */
  readonly durationNs: number;
}

const SIZE = 80;

/** Runs a loaded program once or more in the kernel without attaching it (BPF_PROG_TEST_RUN). */
export function runBpfProgram(fd: number, options: BpfTestRunOptions = {}): BpfTestRun {
  const bytes = Buffer.alloc(SIZE);
  bytes.writeBigUInt64LE(BigInt(SIZE), 0);
  if (options.data !== undefined) {
    bytes.writeBigUInt64LE(addressOf(options.data), 8);
    bytes.writeUInt32LE(options.data.length, 24);
  }
  if (options.context !== undefined) {
    bytes.writeBigUInt64LE(addressOf(options.context), 32);
    bytes.writeUInt32LE(options.context.length, 48);
  }
  bytes.writeInt32LE(options.repeat ?? 0, 60);
  checkBpf(libbpf().bpf_prog_test_run_opts(fd, bytes), 'bpf_prog_test_run_opts', `program ${fd}`);
  return { returnValue: bytes.readUInt32LE(56), durationNs: bytes.readUInt32LE(64) };
}
