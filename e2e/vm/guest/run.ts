import { spawnSync } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  /** undefined for one that a signal ended. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function run(words: readonly [string, ...string[]], env: NodeJS.ProcessEnv = process.env): Ended {
  const [file, ...args] = words;
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', env });
  return { status: status ?? undefined, stdout, stderr };
}
