import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callJson } from '@kubearmor/service';
import { E2eError } from '../errors.ts';
import { keepLogs, knowLogs } from '../logs/known-logs.ts';
import { patience } from '../patience.ts';
import { places } from '../places.ts';
import { leaveTrace } from '../traces/traces.ts';
import { until } from '../until.ts';
import { AlertFile } from './alert-file.ts';
import { statusSchema, type SeenStatus } from './agent-status.ts';
import { enter, strike } from './ledger.ts';
import { cgroupOf, release } from './release.ts';

/** How an agent is started. */
export interface AgentOptions {
  /** By default `audit` for all. */
  readonly postures?: { readonly file: string; readonly network: string; readonly capabilities: string };
  /** The configuration file, which then has the postures. By default an empty one. */
  readonly configuration?: string;
  /** More flags of `kubearmor agent`. By default none. */
  readonly flags?: readonly string[];
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;

/** An agent with its guard in a directory of its own; disposing of it releases all that it made. */
export class AgentProcess {
  readonly name: string;
  readonly directory: string;
  readonly pins: string;
  readonly alerts: AlertFile;
  readonly #process: ChildProcess;

  private constructor(directory: string, pins: string, child: ChildProcess) {
    this.name = basename(directory);
    this.directory = directory;
    this.pins = pins;
    this.alerts = new AlertFile(join(directory, 'alerts.json'));
    this.#process = child;
  }

  /** Starts an agent and waits until it answers. */
  static async start(options: AgentOptions = {}): Promise<AgentProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'kubearmor-e2e-'));
    const pins = join('/sys/fs/bpf', basename(directory));
    for (const name of ['run', 'policies', 'state']) mkdirSync(join(directory, name), { mode: 0o700 });
    for (const path of [directory, pins, cgroupOf(directory)]) leaveTrace(path);
    const log = openSync(join(directory, 'agent.log'), 'a');
    // A configuration of the machine is none of the test's.
    const env = { ...process.env, KUBEARMOR_CFG: join(directory, 'kubearmor.yaml') };
    writeFileSync(env.KUBEARMOR_CFG, options.configuration ?? '', { mode: 0o600 });
    const child = spawn(process.execPath, agentArguments(directory, pins, options), {
      env,
      stdio: ['ignore', 'ignore', log],
    });
    closeSync(log);
    const agent = new AgentProcess(directory, pins, child);
    knowLogs(agent.name, [join(directory, 'agent.log'), join(directory, 'run/guard.log')]);
    enter({ name: agent.name, owner: process.pid, pid: child.pid ?? 0, directory, pins });
    await agent.#untilReady();
    return agent;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The configuration file. */
  get configuration(): string {
    return join(this.directory, 'kubearmor.yaml');
  }

  get socket(): string {
    return join(this.directory, 'run/agent.sock');
  }

  /** Calls the agent. */
  async call(method: string, params: unknown = {}): Promise<unknown> {
    return callJson(this.socket, method, params, { timeoutMs: 20_000 * patience });
  }

  /** What is in force. */
  async status(): Promise<SeenStatus> {
    return statusSchema.parse(await this.call('status'));
  }

  /** Writes a policy file; undefined removes it. */
  writePolicies(name: string, text: string | undefined): void {
    const file = join(this.directory, 'policies', name);
    if (text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, text);
  }

  /** Waits until the status is as expected. Throws E2E_AGENT, with what was said last, when it does not become so. */
  async untilStatus(what: string, isRight: (status: SeenStatus) => boolean): Promise<void> {
    let last: SeenStatus | undefined;
    const found = await until(
      async () => {
        last = await this.status();
        return isRight(last) ? last : undefined;
      },
      { timeoutMs: 10_000 },
    );
    if (found === undefined)
      throw new E2eError('E2E_AGENT', `expected ${what} in force, got ${JSON.stringify(last)}`);
  }

  /** What the agent and its guard have logged. */
  log(): string {
    return ['agent.log', 'run/guard.log']
      .map((file) => readFileSync(join(this.directory, file), 'utf8'))
      .join('');
  }

  /** Ends the agent, its guard and all that they made. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await Promise.race([
        once(this.#process, 'exit'),
        sleep(STOP_TIMEOUT_MS * patience, undefined, { ref: false }),
      ]);
    }
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL');
    keepLogs(this.name);
    release({ directory: this.directory, pins: this.pins });
    strike(this.name);
  }

  async #untilReady(): Promise<void> {
    const isReady = await until(
      async () => {
        if (this.#process.exitCode !== null) return false;
        return this.call('ping').then(
          () => true,
          () => undefined,
        );
      },
      { timeoutMs: START_TIMEOUT_MS, everyMs: 50 },
    );
    if (isReady === true) return;
    const log = readFileSync(join(this.directory, 'agent.log'), 'utf8');
    await this[Symbol.asyncDispose]();
    throw new E2eError('E2E_AGENT', `expected the agent to start, got:\n${log}`);
  }
}

function agentArguments(directory: string, pins: string, options: AgentOptions): string[] {
  return [
    places.kubearmor,
    'agent',
    ...['--policies', join(directory, 'policies')],
    ...['--run-dir', join(directory, 'run')],
    ...['--state-dir', join(directory, 'state')],
    ...['--pins', pins],
    ...['--logPath', join(directory, 'alerts.json')],
    ...['--logFilter', 'policy', '--alerts-on-stdout', 'none'],
    // Tests count alerts.
    '--alertThrottling=false',
    ...['--metricsAddress', 'none'],
    ...(options.configuration === undefined ? postureFlags(options) : []),
    ...(options.flags ?? []),
  ];
}

function postureFlags({ postures }: AgentOptions): string[] {
  const { file = 'audit', network = 'audit', capabilities = 'audit' } = postures ?? {};
  return [
    ...['--defaultFilePosture', file],
    ...['--defaultNetworkPosture', network],
    ...['--defaultCapabilitiesPosture', capabilities],
  ];
}
