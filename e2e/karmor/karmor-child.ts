import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { E2eError } from '../errors.ts';
import { until } from '../until.ts';

const PROGRAM = fileURLToPath(new URL('../../apps/karmor/dist/main.js', import.meta.url));
const TIMEOUT_MS = 30_000;

/** What became of a `karmor` that has ended. */
export interface KarmorResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `karmor` that runs; disposing of it ends it. */
export class KarmorChild {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: '/', ...env },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#ended = once(this.#child, 'close');
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** What it wrote to standard output, as JSON lines. */
  get json(): readonly unknown[] {
    return this.#stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  }

  /** Waits until it has written something. Throws E2E_AGENT, with what it wrote, when it does not. */
  async untilWritten(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void> {
    const found = await until(() => (pattern.test(this[stream]) ? true : undefined), {
      timeoutMs: TIMEOUT_MS,
    });
    if (found === true) return;
    throw new E2eError('E2E_AGENT', `expected ${String(pattern)}, got: ${this.#stdout}${this.#stderr}`);
  }

  /** Gives it a text and the end of its input. */
  feed(text: string): void {
    this.#child.stdin?.end(text);
  }

  /** Ends it as a user does. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Waits for its end. */
  async result(): Promise<KarmorResult> {
    await this.#ended;
    return { status: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** Runs a `karmor` to its end. */
export async function karmor(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<KarmorResult> {
  const child = new KarmorChild(args, env);
  child.feed('');
  return child.result();
}
