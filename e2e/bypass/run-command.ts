import { spawn } from 'node:child_process';

/** What came of a command. */
export interface CommandResult {
  /** 128 and the signal's number where a signal ended it. */
  readonly status: number;
  /** What it printed, errors too. */
  readonly output: string;
}

/** How a command is run. */
export interface RunCommandOptions {
  readonly timeoutMs: number;
  /** Called when it has printed `ready`; it is given a line when that resolves. By default it is given none. */
  readonly ready?: (() => Promise<void>) | undefined;
}

const SIGKILL = 9;

/** Runs a command to its end, or to the end of its time. */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  { timeoutMs, ready }: RunCommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, { stdio: 'pipe', timeout: timeoutMs, killSignal: 'SIGKILL' });
  let output = '';
  let waited: Promise<void> | undefined;
  const take = (chunk: Buffer): void => {
    output += chunk.toString('latin1');
    if (ready === undefined || waited !== undefined || !output.includes('ready\n')) return;
    waited = ready().then(() => void child.stdin.end('\n'));
    waited.catch(() => child.kill('SIGKILL'));
  };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  if (ready === undefined) child.stdin.end();
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 128 + SIGKILL);
    });
  });
  await waited;
  return { status, output };
}
