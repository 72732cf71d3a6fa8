import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { callJson } from '@kubearmor/service';
import { z } from 'zod';
import { enter, strike } from '../agent/ledger.ts';
import { E2eError } from '../errors.ts';
import { keepLogs, knowLogs } from '../logs/known-logs.ts';
import { places } from '../places.ts';
import { until } from '../until.ts';
import { buildLoad } from './load.ts';
import { createImage } from './storm-image.ts';

const MEMORY = '/dev/shm';
const ROLES = ['agent', 'keeper', 'answerer'];
/** As users start it: the flags of its Node are part of what is tested. */
const KUBEARMOR = join(places.root, 'apps/kubearmor/bin/kubearmor');

/** How a machine is set up. */
export interface MachineOptions {
  /** By default `deny`. */
  readonly onError?: 'deny' | 'allow';
  /** How many files nothing is said of the image has besides. By default none. */
  readonly manyFiles?: number;
  /** More flags of `kubearmor agent`. By default none. */
  readonly flags?: readonly string[];
}

const statusSchema = z.object({
  policies: z.array(z.object({ key: z.string(), workloads: z.array(z.number()) })),
  problems: z.array(z.object({ file: z.string(), message: z.string() })),
  workloads: z.array(
    z.object({ id: z.number(), tasks: z.number(), ruleSetHash: z.string(), policies: z.array(z.string()) }),
  ),
  counters: z.record(z.string(), z.number()),
});

/** Of an agent's status what these tests look at. */
export type MachineStatus = z.infer<typeof statusSchema>;

const alertSchema = z.object({
  ContainerID: z.string().default(''),
  PolicyName: z.string().default(''),
  Operation: z.string().default(''),
  Resource: z.string().default(''),
  Result: z.string().default(''),
  Message: z.string().default(''),
  Action: z.string().default(''),
  EventData: z.record(z.string(), z.string()).default({}),
});

/** Of an alert what these tests look at. */
export type MachineAlert = z.infer<typeof alertSchema>;

const identitySchema = z.object({ pid: z.number() });
const guardSchema = z.object({ keeper: identitySchema, answerers: z.array(identitySchema) });
const pongSchema = z.object({ pid: z.number(), answerer: z.number(), spare: z.number().optional() });
type Pong = z.infer<typeof pongSchema>;

/** An agent and its guard in a directory of their own, to be killed and started again. */
export class GuardedMachine {
  /** In memory, as /run is: what the guard writes must not wait for a disk. */
  readonly directory: string;
  readonly pins: string;
  readonly image: string;
  readonly #options: MachineOptions;
  #agent: ChildProcess | undefined;
  #works = 0;

  private constructor(options: MachineOptions) {
    this.#options = options;
    this.directory = mkdtempSync(join(MEMORY, 'kubearmor-failure-'));
    this.pins = join('/sys/fs/bpf', basename(this.directory));
    this.image = join(this.directory, 'image');
    for (const name of ['image', 'policies', 'run', 'state']) mkdirSync(join(this.directory, name));
    knowLogs(basename(this.directory), this.#logs);
  }

  /** Makes one, with an image for scopes and an agent that runs. */
  static async start(options: MachineOptions = {}): Promise<GuardedMachine> {
    buildLoad();
    const machine = new GuardedMachine(options);
    try {
      createImage(machine.image, options.manyFiles);
      await machine.startAgent();
      return machine;
    } catch (thrown) {
      await machine[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  get runDirectory(): string {
    return join(this.directory, 'run');
  }

  get socket(): string {
    return join(this.runDirectory, 'agent.sock');
  }

  /** Where gRPC clients reach the agent. */
  get grpcSocket(): string {
    return join(this.runDirectory, 'grpc.sock');
  }

  get agentPid(): number {
    return this.#agent?.pid ?? 0;
  }

  /** Who keeper and answerer are, as they have written down. */
  guard(): { readonly keeper: number; readonly answerers: readonly number[] } {
    const { keeper, answerers } = guardSchema.parse(
      JSON.parse(readFileSync(join(this.runDirectory, 'guard.json'), 'utf8')),
    );
    return { keeper: keeper.pid, answerers: answerers.map(({ pid }) => pid) };
  }

  /** The one answerer. */
  answerer(): number {
    return this.guard().answerers[0] ?? 0;
  }

  /** Waits until the keeper has an answerer in reserve; gives its pid. */
  async untilSpare(): Promise<number> {
    const spare = await until(async () => (await this.pingKeeper())?.spare, {
      timeoutMs: 20_000,
      everyMs: 50,
    });
    if (spare === undefined)
      throw new E2eError('E2E_AGENT', `expected an answerer in reserve, got\n${this.log()}`);
    return spare;
  }

  /** Who the keeper says that it and its answerers are; undefined when it does not answer. */
  async pingKeeper(): Promise<Pong | undefined> {
    const socket = join(this.runDirectory, 'guard.sock');
    const pong = await callJson(socket, 'ping', {}, { timeoutMs: 500 }).catch(() => undefined);
    return pong === undefined ? undefined : pongSchema.parse(pong);
  }

  /** Starts an agent and waits until it answers. */
  async startAgent(): Promise<void> {
    const log = openSync(join(this.directory, 'agent.log'), 'a');
    this.#agent = spawn(KUBEARMOR, this.#agentWords(), { stdio: ['ignore', 'ignore', log] });
    closeSync(log);
    this.#enter();
    const agent = this.#agent;
    const isReady = await until(
      () =>
        agent.exitCode === null
          ? this.call('ping').then(
              () => true,
              () => undefined,
            )
          : false,
      { timeoutMs: 30_000, everyMs: 20 },
    );
    if (isReady !== true) throw new E2eError('E2E_AGENT', `expected the agent to start, got:\n${this.log()}`);
  }

  /** Sends the agent a signal; one that ends it is waited for. */
  async signalAgent(signal: NodeJS.Signals): Promise<void> {
    const agent = this.#agent;
    if (agent?.exitCode !== null || agent.signalCode !== null) return;
    const ended = once(agent, 'exit');
    agent.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await ended;
  }

  async call(method: string, params: unknown = {}): Promise<unknown> {
    return callJson(this.socket, method, params, { timeoutMs: 20_000 });
  }

  async status(): Promise<MachineStatus> {
    return statusSchema.parse(await this.call('status'));
  }

  /** Waits until the status is as expected. */
  async untilStatus(
    what: string,
    isRight: (status: MachineStatus) => boolean,
    timeoutMs = 10_000,
  ): Promise<MachineStatus> {
    let last: MachineStatus | undefined;
    const found = await until(
      async () => {
        last = await this.status();
        return isRight(last) ? last : undefined;
      },
      { timeoutMs },
    );
    if (found === undefined)
      throw new E2eError('E2E_AGENT', `expected ${what}, got ${JSON.stringify(last)}\n${this.log()}`);
    return found;
  }

  /** Replaces a policy file in one step; undefined removes it. */
  writePolicy(name: string, text: string | undefined): void {
    const file = join(this.directory, 'policies', name);
    if (text === undefined) {
      rmSync(file, { force: true });
      return;
    }
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }

  /** All alerts that were written. */
  alerts(): readonly MachineAlert[] {
    const file = join(this.directory, 'alerts.json');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((line) => alertSchema.parse(JSON.parse(line)));
  }

  /** Waits until alerts are as expected; gives the last ones either way. */
  async untilAlerts(
    isRight: (alerts: readonly MachineAlert[]) => boolean,
    timeoutMs = 10_000,
  ): Promise<readonly MachineAlert[]> {
    await until(() => (isRight(this.alerts()) ? true : undefined), { timeoutMs, everyMs: 100 });
    return this.alerts();
  }

  /** What the agent and its guard have logged. */
  log(): string {
    return this.#logs.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('');
  }

  get #logs(): readonly string[] {
    return [join(this.directory, 'agent.log'), join(this.runDirectory, 'guard.log')];
  }

  /** A directory for a scope to mount its root below. */
  newWork(): string {
    const work = join(this.directory, `work-${this.#works++}`);
    mkdirSync(work);
    return work;
  }

  /** `kubearmor release`. */
  async release(): Promise<void> {
    const words = ['release', '--run-dir', this.runDirectory, '--pins', this.pins];
    const child = spawn(process.execPath, [places.kubearmor, ...words], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended: unknown[] = await once(child, 'exit');
    if (ended[0] !== 0)
      throw new E2eError('E2E_AGENT', `release: expected it to succeed, got ${String(ended[0])}`);
  }

  /** What is left of the product on this machine: processes, pins, mounts, cgroups, files in the run directory. */
  leftovers(): readonly string[] {
    const left: string[] = [];
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const words = readWords(pid);
      if (words.includes(this.runDirectory))
        left.push(`process ${pid}: ${words.find((word) => ROLES.includes(word)) ?? ''}`);
    }
    if (existsSync(this.pins)) left.push(`pins: ${readdirSync(this.pins).join(' ')}`);
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    left.push(...mounts.filter((line) => line.includes(this.directory)));
    for (const cgroup of this.cgroups) if (existsSync(cgroup)) left.push(`cgroup ${cgroup}`);
    if (existsSync(this.runDirectory))
      left.push(...readdirSync(this.runDirectory).map((name) => `file ${name}`));
    return left;
  }

  /** Directories of scopes' cgroups that were seen. */
  readonly cgroups = new Set<string>();

  async [Symbol.asyncDispose](): Promise<void> {
    await this.signalAgent('SIGKILL');
    keepLogs(basename(this.directory));
    await this.release();
    rmSync(this.directory, { recursive: true, force: true });
    strike(basename(this.directory));
  }

  // What a run that is broken off leaves is released by the tests' janitor.
  #enter(): void {
    const { directory, pins } = this;
    enter({ name: basename(directory), owner: process.pid, pid: this.agentPid, directory, pins });
  }

  #agentWords(): string[] {
    const at = (name: string): string => join(this.directory, name);
    return [
      'agent',
      ...[
        '--policies',
        at('policies'),
        '--run-dir',
        this.runDirectory,
        '--state-dir',
        at('state'),
        '--pins',
        this.pins,
      ],
      ...[
        '--logPath',
        at('alerts.json'),
        '--logFilter',
        'policy',
        '--alerts-on-stdout',
        'none',
        '--on-error',
        this.#options.onError ?? 'deny',
        // Tests count alerts.
        '--alertThrottling=false',
        '--metricsAddress',
        'none',
      ],
      ...['--gRPC', 'none', '--gRPCHealthPort', 'none', '--hostVisibility', 'none'],
      ...(this.#options.flags ?? []),
    ];
  }
}

function readWords(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
