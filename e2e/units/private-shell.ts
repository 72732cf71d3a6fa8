import { spawn, type ChildProcess } from 'node:child_process';
import { E2eError } from '../errors.ts';
import { until } from '../until.ts';

/** What a command did. */
export interface ShellAnswer {
  readonly status: number;
  readonly output: string;
}

const ANSWER_MS = 20_000;

// Of the machine's root only an overlay is left, whose file system is the test's own: what is marked is nobody else's.
const ENTER = (directory: string): string => `
  set -e
  mount --make-rprivate /
  mount -t tmpfs tmpfs ${directory}
  mkdir ${directory}/upper ${directory}/work ${directory}/root
  mount -t overlay -o lowerdir=/,upperdir=${directory}/upper,workdir=${directory}/work overlay ${directory}/root
  cd ${directory}/root
  mkdir -p proc mnt opt/test
  mount -t proc proc proc
  echo secret > opt/test/secret
  echo other > opt/test/other
  pivot_root . mnt
  umount -l /mnt
  exec chroot . /bin/bash -c 'while read -r line; do eval "$line"; echo "status=$?"; done' 2>&1
`;

/** A shell in a mount namespace of its own, which has /opt/test/secret and /opt/test/other. */
export class PrivateShell {
  readonly #process: ChildProcess;
  #output = '';

  /** `directory` is empty; the file systems are mounted there for the shell alone. */
  constructor(directory: string) {
    this.#process = spawn('unshare', ['--mount', 'bash', '-c', ENTER(directory)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString('utf8');
      });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Runs a line of bash in it. */
  async run(line: string): Promise<ShellAnswer> {
    this.#output = '';
    this.#process.stdin?.write(`${line}\n`);
    const answer = await until(() => /^([^]*)status=(\d+)\n$/.exec(this.#output) ?? undefined, {
      timeoutMs: ANSWER_MS,
    });
    if (answer === undefined)
      throw new E2eError('E2E_SCOPE', `${line}: expected it to end, got so far: ${this.#output}`);
    return { status: Number(answer[2]), output: answer[1] ?? '' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await until(() => this.#process.exitCode ?? this.#process.signalCode ?? undefined, {
      timeoutMs: ANSWER_MS,
    });
  }
}
