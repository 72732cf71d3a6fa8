import { getSystemErrorMap } from 'node:util';
import { errnoNumber, execve } from '@kubearmor/kernel/launch';

/** What came of a command that could not be executed, in the words and with the status of a shell. */
export interface CommandFailure {
  readonly status: 126 | 127;
  readonly message: string;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SHELL = '/bin/sh';

/** How a program is started: the port that tests replace. Returns -errno, or does not return. */
export type Execute = (path: string, argv: readonly string[], env: readonly string[]) => number;

/** Becomes a command, looked up in PATH as execvp(3) does. Returns only when that failed. */
export function executeCommand(
  command: readonly string[],
  env: readonly string[],
  execute: Execute = execve,
): CommandFailure {
  const name = command[0] ?? '';
  let last = -errnoNumber('ENOENT');
  for (const path of candidates(name, env)) {
    const result = executeOne(path, command, env, execute);
    if (!isAbsent(result)) last = result;
    // A file that may not be executed does not hide one later in PATH; anything else, such as a denial, is final.
    if (!isAbsent(result) && result !== -errnoNumber('EACCES')) break;
  }
  return describeFailure(name, last);
}

/** The paths at which a command may be. */
export function candidates(name: string, env: readonly string[]): readonly string[] {
  if (name.includes('/')) return [name];
  const path = env.find((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? DEFAULT_PATH;
  return path.split(':').map((directory) => (directory === '' ? `./${name}` : `${directory}/${name}`));
}

function executeOne(
  path: string,
  command: readonly string[],
  env: readonly string[],
  execute: Execute,
): number {
  const result = execute(path, command, env);
  if (result !== -errnoNumber('ENOEXEC')) return result;
  // A script without an interpreter line.
  return execute(SHELL, [SHELL, path, ...command.slice(1)], env);
}

function isAbsent(result: number): boolean {
  return result === -errnoNumber('ENOENT') || result === -errnoNumber('ENOTDIR');
}

function describeFailure(name: string, result: number): CommandFailure {
  if (isAbsent(result)) {
    const message = name.includes('/') ? 'no such file or directory' : 'command not found';
    return { status: 127, message: `${name}: ${message}` };
  }
  const text = getSystemErrorMap().get(result)?.[1] ?? `errno ${-result}`;
  return { status: 126, message: `${name}: ${text}` };
}
