import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AgentProcess } from '../agent/agent-process.ts';
import { E2eError } from '../errors.ts';
import { places } from '../places.ts';
import { leaveTrace } from '../traces/traces.ts';
import { OutcomeDraft, type Outcome } from './outcome.ts';
import { decodeWords, encodeWords } from './words.ts';

/** Who performs an operation. */
export interface ScopeSubject {
  readonly exe: string;
  readonly parentExe: string;
  /** Settings and operation, as e2e/actor/actor.h has them. */
  readonly words: readonly string[];
}

/** What a scope is to the agent. */
export interface ScopeIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

const STEP_TIMEOUT_MS = 20_000;
const createdSchema = z.object({ id: z.number(), cgroup: z.string() });

/** A scope whose first process is the actor: it starts subjects and lets them go one by one. */
export class ActorScope {
  readonly #process: ChildProcess;
  readonly #drafts = new Map<string, OutcomeDraft>();
  readonly #started: PromiseWithResolvers<number> = Promise.withResolvers();
  #pid = 0;
  #id = 0;
  #complaints = '';

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#started.promise.catch(() => undefined);
    child.stderr?.on('data', (chunk: Buffer) => (this.#complaints += chunk.toString()));
    if (child.stdout !== null)
      createInterface(child.stdout).on('line', (line) => {
        this.#take(line);
      });
    child.once('exit', () => {
      this.#fail('its end');
    });
  }

  /** Starts the scope's processes on an image; nobody has heard of them yet. */
  static launch(
    work: string,
    image: string,
    binds: readonly (readonly [source: string, target: string])[],
  ): ActorScope {
    const words = binds.flatMap(([source, target]) => ['bind', source, target]);
    return new ActorScope(spawn(places.actor, ['scope', work, image, ...words], { stdio: 'pipe', env: {} }));
  }

  get id(): number {
    return this.#id;
  }

  /** Makes the scope known to the agent; from here on it is guarded. */
  async protect(agent: AgentProcess, identity: ScopeIdentity): Promise<void> {
    const pid = await inTime(this.#started.promise, 'the scope to start');
    const { id, cgroup } = createdSchema.parse(await agent.call('scope.create', identity));
    this.#id = id;
    leaveTrace(dirname(cgroup));
    writeFileSync(join(cgroup, 'cgroup.procs'), String(pid));
    await agent.call('scope.protect', { id, pid });
  }

  /** The root as the machine sees it. */
  async root(): Promise<string> {
    return `/proc/${await this.#started.promise}/root`;
  }

  /** Starts a subject and waits until it is ready to perform. */
  async prepare(tag: number, { exe, parentExe, words }: ScopeSubject): Promise<void> {
    const draft = new OutcomeDraft();
    this.#drafts.set(String(tag), draft);
    this.#tell(['subject', String(tag), parentExe, exe, ...words]);
    await inTime(draft.ready, `subject ${tag} to be ready`);
  }

  /** Lets a subject perform and waits until it has ended. */
  async perform(tag: number): Promise<Outcome> {
    this.#tell(['go', String(tag)]);
    const draft = this.#drafts.get(String(tag));
    if (draft === undefined)
      throw new E2eError('E2E_SCOPE', `subject ${tag}: expected one that was prepared`);
    return inTime(draft.ended, `subject ${tag} to end`);
  }

  /** Ends the scope's processes, and the scope. */
  async end(agent: AgentProcess): Promise<void> {
    await this.kill();
    if (this.#id !== 0) await agent.call('scope.remove', { id: this.#id });
  }

  /** Ends the scope's processes. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.stdin?.end();
    if ((await Promise.race([gone, sleep(STEP_TIMEOUT_MS, 'late', { ref: false })])) === 'late')
      this.#process.kill('SIGKILL');
  }

  #tell(words: readonly string[]): void {
    this.#process.stdin?.write(`${encodeWords(words)}\n`);
  }

  #take(line: string): void {
    const [tag = '', what = '', ...rest] = decodeWords(line);
    if (tag === 'scope' && what === 'pid') {
      this.#pid = Number(rest[0]);
      return;
    }
    if (tag === 'scope' && what === 'ready') {
      this.#started.resolve(this.#pid);
      return;
    }
    const draft = this.#drafts.get(tag);
    if (draft?.take(what, rest) === true) return;
    const failure = new E2eError('E2E_SCOPE', `expected a report of the actor, got '${line}'`);
    if (draft === undefined) this.#fail(line);
    else draft.fail(failure);
  }

  #fail(got: string): void {
    const failure = new E2eError('E2E_SCOPE', `expected the scope to go on, got ${got} ${this.#complaints}`);
    this.#started.reject(failure);
    for (const draft of this.#drafts.values()) draft.fail(failure);
  }
}

async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  const timeout = new AbortController();
  const late = sleep(STEP_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
    throw new E2eError('E2E_SCOPE', `expected ${what} within ${STEP_TIMEOUT_MS} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    timeout.abort();
  }
}
