import { parseArgs } from 'node:util';
import { VmError } from './errors.ts';
import { guestDefaults, type GuestJob } from './guest-job.ts';

/** What the command line asks for. */
export interface VmOptions {
  /** Of the kernel: `6.1`, or `newest`. */
  readonly version: string;
  readonly job: GuestJob;
}

const defaults = guestDefaults;
const options = {
  kernel: { type: 'string', default: '6.1' },
  init: { type: 'string', default: defaults.init },
  memory: { type: 'string', default: String(defaults.memoryMb) },
  cpus: { type: 'string', default: String(defaults.cpus) },
  timeout: { type: 'string', default: String(defaults.timeoutMs / 1000) },
  lsm: { type: 'string', default: defaults.lsm },
  append: { type: 'string', default: defaults.append },
  clock: { type: 'string', default: defaults.clock },
  share: { type: 'string' },
} as const;

/** Reads the command line. Throws VM_USAGE with what was expected. */
export function readOptions(args: readonly string[]): VmOptions {
  const { values, positionals } = parse(args);
  if (positionals.length === 0)
    throw new VmError('VM_USAGE', "expected a command after the options, got none (make vm CMD='uname -a')");
  const { kernel, init, lsm, append, clock, share } = values;
  const job: GuestJob = {
    command: positionals.join(' '),
    init: initOf(init),
    memoryMb: positive('memory', values.memory),
    cpus: positive('cpus', values.cpus),
    timeoutMs: positive('timeout', values.timeout) * 1000,
    lsm,
    append,
    clock: clockOf(clock),
    share,
  };
  return { version: kernel, job };
}

function parse(args: readonly string[]): ReturnType<typeof parseWords> {
  try {
    return parseWords(args);
  } catch (error) {
    throw new VmError('VM_USAGE', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function parseWords(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function initOf(text: string): GuestJob['init'] {
  if (text === 'plain' || text === 'systemd') return text;
  throw new VmError('VM_USAGE', `--init: expected plain or systemd, got "${text}"`);
}

function clockOf(text: string): GuestJob['clock'] {
  if (text === 'real' || text === 'work' || text === 'instructions') return text;
  throw new VmError('VM_USAGE', `--clock: expected real, work or instructions, got "${text}"`);
}

function positive(name: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new VmError('VM_USAGE', `--${name}: expected a positive whole number, got "${text}"`);
}
