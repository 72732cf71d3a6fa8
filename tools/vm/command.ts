import { spawnSync } from 'node:child_process';
import { VmError } from './errors.ts';

const MAX_BYTES = 1 << 30;

/** How a command is run. */
export interface CommandOptions {
  /** What it reads. By default nothing. */
  readonly input?: Uint8Array;
  /** Its working directory. By default ours. */
  readonly cwd?: string;
}

/** Runs a program to its end and gives what it wrote. Throws VM_COMMAND, with what it complained about, when it fails. */
export function command(words: readonly [string, ...string[]], options: CommandOptions = {}): Buffer {
  const [file, ...args] = words;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const ended = spawnSync(file, args, { ...options, env, maxBuffer: MAX_BYTES });
  if (ended.status === 0) return ended.stdout;
  // A program that did not start has no output at all.
  const [end, complaint] =
    ended.error === undefined
      ? [ended.signal ?? `status ${ended.status ?? 'unknown'}`, ended.stderr.toString()]
      : [ended.error.message, ''];
  const text = `${words.join(' ')}: expected it to succeed, got ${end}\n${complaint}`.trimEnd();
  throw new VmError('VM_COMMAND', text, { cause: ended.error });
}
