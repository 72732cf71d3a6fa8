import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { EnginePrograms } from '@kubearmor/enforcers';

/** A shell that is a workload's, and does what it is told. */
export class LabelledShell implements Disposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #iterator: AsyncIterator<string>;

  constructor(programs: EnginePrograms, workload: number) {
    this.#child = spawn('/bin/bash', [], { stdio: 'pipe' });
    this.#lines = createInterface(this.#child.stdout);
    this.#iterator = this.#lines[Symbol.asyncIterator]();
    programs.label(this.#child.pid ?? 0, workload, realpathSync('/bin/bash'));
  }

  /** Runs a command; its status and what it wrote. */
  async run(command: string): Promise<{ readonly status: number; readonly output: string }> {
    this.#child.stdin.write(`{ ${command}\n} 2>&1 </dev/null; s=$?; echo; echo "status $s"\n`);
    const lines: string[] = [];
    for (;;) {
      const next = await this.#iterator.next();
      if (next.done === true) return { status: -1, output: lines.join('\n') };
      const status = /^status (\d+)$/.exec(next.value)?.[1];
      if (status !== undefined) return { status: Number(status), output: lines.join('\n').trim() };
      lines.push(next.value);
    }
  }

  [Symbol.dispose](): void {
    this.#lines.close();
    this.#child.kill('SIGKILL');
  }
}
