import type { ProcessFacts, ProcessSource } from '../process/process-source.js';

/** Processes that are only in memory. */
export class MemorySource implements ProcessSource {
  readonly #processes = new Map<number, ProcessFacts>();
  /** How often a process was asked for. */
  reads = 0;

  /** Adds a process, or puts it in another one's place. */
  add(facts: Partial<ProcessFacts> & { readonly pid: number }): void {
    this.#processes.set(facts.pid, {
      startTicks: 1,
      parentPid: 0,
      exe: `/bin/${facts.pid}`,
      argv: [`${facts.pid}`],
      cwd: '/',
      tty: '',
      innerPid: facts.pid,
      innerParent: facts.parentPid ?? 0,
      pidNamespace: 1,
      mountNamespace: 1,
      ...facts,
    });
  }

  /** Ends a process. */
  remove(pid: number): void {
    this.#processes.delete(pid);
  }

  read(pid: number): ProcessFacts | undefined {
    this.reads += 1;
    return this.#processes.get(pid);
  }

  pids(): readonly number[] {
    return [...this.#processes.keys()];
  }
}
